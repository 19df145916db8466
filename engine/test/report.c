/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results of test cases: for people, as TAP, and as JUnit's XML. */
#include "base/text.h"
#include "test/test.h"

#include <string.h>

/* Each line of a text with something in front of it. */
static void add_lines(struct buf *out, const char *prefix, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        buf_add(out, prefix);
        buf_add_n(out, text, length);
        buf_char(out, '\n');
        text += length + (text[length] == '\n');
    }
}

static size_t count_failed(const struct outcome *outcomes, size_t count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++)
        failed += !outcomes[i].passed;
    return failed;
}

static void text_start(struct buf *out, size_t count)
{
    (void)out;
    (void)count;
}

static void text_add(struct buf *out, const struct outcome *outcome, size_t number)
{
    (void)number;
    if (outcome->updated)
        buf_printf(out, "updated %s\n", outcome->name);
    if (outcome->passed)
        return;
    buf_printf(out, "FAIL %s\n", outcome->name);
    add_lines(out, "    ", buf_text(&outcome->details));
}

static void text_finish(struct buf *out, const struct outcome *outcomes, size_t count, const char *notes)
{
    size_t failed = count_failed(outcomes, count);
    buf_add(out, notes);
    buf_printf(out, "%zu passed, %zu failed\n", count - failed, failed);
}

static void tap_start(struct buf *out, size_t count)
{
    buf_printf(out, "TAP version 13\n1..%zu\n", count);
}

static void tap_add(struct buf *out, const struct outcome *outcome, size_t number)
{
    buf_printf(out, "%s %zu - %s\n", outcome->passed ? "ok" : "not ok", number, outcome->name);
    if (!outcome->passed)
        add_lines(out, "# ", buf_text(&outcome->details));
}

static void tap_finish(struct buf *out, const struct outcome *outcomes, size_t count, const char *notes)
{
    (void)outcomes;
    (void)count;
    add_lines(out, "# ", notes);
}

static void add_escaped(struct buf *out, const char *text)
{
    static const struct {
        char character;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    for (const char *at = text_sanitise(arena, text, strlen(text)); *at; at++) {
        size_t i = 0;
        while (i < ARRAY_SIZE(entities) && entities[i].character != *at)
            i++;
        if (i < ARRAY_SIZE(entities))
            buf_add(out, entities[i].entity);
        else
            buf_char(out, *at);
    }
}

static void junit_start(struct buf *out, size_t count)
{
    (void)count;
    buf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

static void junit_add(struct buf *out, const struct outcome *outcome, size_t number)
{
    (void)out;
    (void)outcome;
    (void)number;
}

static void junit_case(struct buf *out, const struct outcome *outcome)
{
    buf_add(out, "  <testcase classname=\"");
    add_escaped(out, outcome->folder);
    buf_add(out, "\" name=\"");
    add_escaped(out, text_base_name(outcome->name));
    buf_printf(out, "\" time=\"%.3f\"", outcome->seconds);
    if (outcome->passed) {
        buf_add(out, "/>\n");
        return;
    }
    AUTO(buf_free) struct buf first = BUF_INIT;
    const char *details = buf_text(&outcome->details);
    buf_add_n(&first, details, strcspn(details, "\n"));
    buf_add(out, ">\n    <failure message=\"");
    add_escaped(out, buf_text(&first));
    buf_add(out, "\">");
    add_escaped(out, details);
    buf_add(out, "</failure>\n  </testcase>\n");
}

/* The head has the sums, so everything is written at the end. */
static void junit_finish(struct buf *out, const struct outcome *outcomes, size_t count, const char *notes)
{
    double seconds = 0;
    for (size_t i = 0; i < count; i++)
        seconds += outcomes[i].seconds;
    buf_printf(out, "<testsuite name=\"hvprobe\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" time=\"%.3f\">\n", count,
               count_failed(outcomes, count), seconds);
    for (size_t i = 0; i < count; i++)
        junit_case(out, &outcomes[i]);
    if (*notes) {
        buf_add(out, "  <system-out>");
        add_escaped(out, notes);
        buf_add(out, "</system-out>\n");
    }
    buf_add(out, "</testsuite>\n");
}

static const struct test_format formats[] = {
    {"text", text_start, text_add, text_finish},
    {"tap", tap_start, tap_add, tap_finish},
    {"junit", junit_start, junit_add, junit_finish},
};

const struct test_format *test_format_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
        if (!name || text_equal(formats[i].name, name))
            return &formats[i];
    return NULL;
}
