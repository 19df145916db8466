/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables for people and programs, and one page of HTML that needs nothing else: its plot is SVG within it. */
#include "base/file.h"
#include "base/text.h"
#include "cli/fleet.h"

#include <string.h>

enum { BAR_LIMIT = 60, ROW_HEIGHT = 22, BAR_WIDTH = 300, NUMBER_WIDTH = 60, LETTER = 8, LABEL_LIMIT = 46 };

/* On a phone the plot and the table scroll by themselves, and only the last column, of names, may break words. */
static const char style[] =
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1f24}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}figure,div{margin:1rem 0;overflow-x:auto}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid "
    "#d5dae0;vertical-align:top;white-space:pre-line}th{background:#f3f5f7}"
    "td:last-child{overflow-wrap:anywhere;min-width:9rem}"
    "svg{width:100%;min-width:22rem;max-width:40rem;height:auto}svg text{font:13px "
    "system-ui,sans-serif;fill:#1b1f24}rect{fill:#2f6f9f}";

static void add_html(struct buf *out, const char *text)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    write_escaped(out, text_sanitise(arena, text, strlen(text)), false);
}

static void add_element(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, "<%s>", name);
    add_html(out, text);
    buf_printf(out, "</%s>", name);
}

static size_t most_of(const struct vec *bars)
{
    size_t most = 1;
    for (size_t i = 0; i < bars->count; i++) {
        const struct fleet_bar *bar = bars->items[i];
        most = bar->count > most ? bar->count : most;
    }
    return most;
}

/* The labels' column, as wide as the longest that is shown. */
static size_t label_width(const struct vec *bars, size_t count)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen(((const struct fleet_bar *)bars->items[i])->label);
        longest = length > longest ? length : longest;
    }
    return (longest < LABEL_LIMIT ? longest : LABEL_LIMIT) * LETTER + 10;
}

/* At most LABEL_LIMIT bytes, whole characters. */
static const char *label_of(struct arena *arena, const struct fleet_bar *bar)
{
    size_t length = LABEL_LIMIT - 1;
    if (strlen(bar->label) <= LABEL_LIMIT)
        return bar->label;
    while (length > 0 && ((unsigned char)bar->label[length] & 0xc0) == 0x80)
        length--;
    return arena_printf(arena, "%.*s\u2026", (int)length, bar->label);
}

static void add_bar(struct buf *out, const struct fleet_bar *bar, size_t label, size_t number, size_t most)
{
    const size_t top = number * ROW_HEIGHT, width = bar->count * BAR_WIDTH / most;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    buf_printf(out, "<g><title>");
    add_html(out, bar->label);
    buf_printf(out, ": %zu</title><text x=\"%zu\" y=\"%zu\" text-anchor=\"end\">", bar->count, label - 10, top + 16);
    add_html(out, label_of(arena, bar));
    buf_printf(out, "</text><rect x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\" rx=\"2\"/>", label, top + 3,
               bar->count > 0 && width == 0 ? 1 : width, ROW_HEIGHT - 6);
    buf_printf(out, "<text x=\"%zu\" y=\"%zu\">%zu</text></g>\n", label + width + 6, top + 16, bar->count);
}

static void add_plot(struct buf *out, const struct fleet_report *report)
{
    const size_t count = report->bars.count < BAR_LIMIT ? report->bars.count : BAR_LIMIT;
    const size_t most = most_of(&report->bars), label = label_width(&report->bars, count);
    const size_t width = label + BAR_WIDTH + NUMBER_WIDTH;
    if (count == 0)
        return;
    buf_printf(out, "<figure><svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %zu %zu\">\n<title>",
               width, count * ROW_HEIGHT + 4);
    add_html(out, report->plot);
    buf_add(out, "</title>\n");
    for (size_t i = 0; i < count; i++)
        add_bar(out, report->bars.items[i], label, i, most);
    buf_add(out, "</svg><figcaption>");
    add_html(out, report->plot);
    if (count < report->bars.count)
        buf_printf(out, "; %zu more are in the table", report->bars.count - count);
    buf_add(out, "</figcaption></figure>\n");
}

static void add_table(struct buf *out, const struct grid *grid)
{
    buf_add(out, "<div><table><thead><tr>");
    for (size_t i = 0; i < grid->column_count; i++)
        add_element(out, "th", grid->columns[i].name);
    buf_add(out, "</tr></thead><tbody>\n");
    for (size_t row = 0; row < grid->rows.count; row++) {
        const char *const *cells = grid->rows.items[row];
        buf_add(out, "<tr>");
        for (size_t i = 0; i < grid->column_count; i++)
            add_element(out, "td", cells[i] ? cells[i] : "");
        buf_add(out, "</tr>\n");
    }
    buf_add(out, "</tbody></table></div>\n");
}

static void add_unknown(struct buf *out, const struct fleet *fleet)
{
    if (fleet->unknown.count == 0)
        return;
    add_element(out, "h2", "Unknown hosts");
    buf_add(out, "<div><table><thead><tr><th>HOST</th><th>REASON</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < fleet->unknown.count; i++) {
        const struct fleet_unknown *unknown = fleet->unknown.items[i];
        buf_add(out, "<tr>");
        add_element(out, "td", unknown->name);
        add_element(out, "td", unknown->reason);
        buf_add(out, "</tr>\n");
    }
    buf_add(out, "</tbody></table></div>\n");
}

static void add_page(struct buf *out, const struct fleet *fleet, const struct fleet_report *report)
{
    buf_add(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                 "<meta name=\"viewport\" content=\"width=device-width\"><title>");
    add_html(out, report->title);
    buf_printf(out, "</title><style>%s</style></head><body>\n", style);
    add_element(out, "h1", report->title);
    buf_printf(out, "\n<p>%zu hosts, %zu of them unknown. Written by hvprobe %s.</p>\n", fleet->hosts,
               fleet->unknown.count, HVPROBE_VERSION);
    add_plot(out, report);
    add_table(out, &report->grid);
    add_unknown(out, fleet);
    buf_add(out, "</body></html>\n");
}

/* Tables and lines are for people, who may not want thousands of names. */
static bool is_data(const char *format)
{
    for (const struct grid_format *kind = grid_formats; kind->name; kind++)
        if (text_equal(kind->name, format))
            return kind->data;
    return false;
}

enum status fleet_print(struct fleet *fleet, const struct fleet_report *report)
{
    AUTO(buf_free) struct buf html = BUF_INIT;
    const struct invocation *invocation = fleet->session->invocation;
    const char *format = invocation_value(invocation, "format"), *path = invocation_value(invocation, "html");
    const bool shown = text_equal(format, "html");
    struct fleet_report full = *report;
    full.grid.column_count += report->more;
    if (path || shown)
        add_page(&html, fleet, &full);
    int error = path ? file_write(path, html.data, html.length, 0644) : 0;
    if (error < 0) {
        complain("%s: %s", path, strerror(-error));
        return STATUS_FAILED;
    }
    if (shown)
        return output(&html, STATUS_OK);
    return output_grid(fleet->session, is_data(format) ? &full.grid : &report->grid, "table");
}
