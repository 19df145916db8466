/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bar on a terminal: it is drawn a few times a second, and gone when all is done. */
#include "cli/batch.h"

#include <time.h>

enum { BAR_WIDTH = 24, MINUTE = 60, HOUR = 3600 };

static const double interval = 0.2; /* seconds */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct batch_progress batch_progress_new(size_t total, bool shown)
{
    return (struct batch_progress){.shown = shown, .total = total, .started = now()};
}

static void add_bar(struct buf *out, const struct batch_progress *progress)
{
    const size_t filled = progress->done < progress->total ? progress->done * BAR_WIDTH / progress->total : BAR_WIDTH;
    buf_char(out, '[');
    buf_pad(out, '#', filled);
    buf_pad(out, ' ', BAR_WIDTH - filled);
    buf_printf(out, "] %zu of %zu hosts", progress->done, progress->total);
}

static void add_time(struct buf *out, double seconds)
{
    const unsigned long left = (unsigned long)(seconds + 0.5);
    if (left >= HOUR)
        buf_printf(out, ", %lu:%02lu:%02lu left", left / HOUR, left % HOUR / MINUTE, left % MINUTE);
    else
        buf_printf(out, ", %lu:%02lu left", left / MINUTE, left % MINUTE);
}

static void draw(const struct batch_progress *progress)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const double seconds = progress->last - progress->started;
    const double rate = seconds > 0 ? (double)progress->done / seconds : 0;
    buf_char(&out, '\r');
    if (progress->total)
        add_bar(&out, progress);
    else
        buf_printf(&out, "%zu hosts", progress->done);
    buf_printf(&out, ", %.*f/s, %zu failed", rate < 10 ? 1 : 0, rate, progress->failed);
    if (progress->total > progress->done && rate > 0)
        add_time(&out, (double)(progress->total - progress->done) / rate);
    buf_add(&out, "\033[K");
    fputs(buf_text(&out), stderr);
}

void batch_progress_step(struct batch_progress *progress, bool failed)
{
    progress->done++;
    progress->failed += failed;
    if (!progress->shown)
        return;
    const double time = now();
    if (time - progress->last < interval)
        return;
    progress->last = time;
    draw(progress);
}

void batch_progress_end(const struct batch_progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
}
