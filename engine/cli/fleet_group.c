/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many hosts have the same values in some columns, and which ones lack something. */
#include "base/text.h"
#include "cli/fleet.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char unknown_word[] = "unknown";

/* ---- group ---- */

struct host_group {
    const char **cells;
    size_t hosts;
    struct buf names; /* one a line */
};

struct host_grouping {
    struct fleet *fleet;
    const struct view *view;
    const char *columns;
    const struct view_column *shown;
    size_t column_count;
    struct map groups; /* of struct host_group, by all cells */
    const char *error;
};

static void add_to_group(struct host_grouping *grouping, struct map *seen, const char *const *cells, const char *name)
{
    AUTO(buf_free) struct buf key = BUF_INIT;
    struct arena *arena = grouping->fleet->arena;
    for (size_t i = 0; i < grouping->column_count; i++)
        buf_printf(&key, "%s\t", cells[i] ? cells[i] : "");
    if (map_get(seen, buf_text(&key)))
        return;
    struct host_group *group = map_get(&grouping->groups, buf_text(&key));
    const char *own = arena_strdup(arena, buf_text(&key));
    map_put(arena, seen, own, own);
    if (!group) {
        group = arena_new_object(arena, struct host_group);
        group->cells = arena_alloc(arena, (grouping->column_count + 1) * sizeof *group->cells);
        for (size_t i = 0; i < grouping->column_count; i++)
            group->cells[i] = arena_strdup(arena, cells[i]);
        map_put(arena, &grouping->groups, own, group);
    }
    group->hosts++;
    buf_printf(&group->names, "%s%s", group->names.length ? "\n" : "", name);
}

static bool group_host(void *context, struct fleet_host *host)
{
    struct host_grouping *grouping = context;
    struct map seen = {0};
    struct grid grid = {0};
    const char **unknown = arena_alloc(host->arena, (grouping->column_count + 1) * sizeof *unknown);
    for (size_t i = 0; i < grouping->column_count; i++)
        unknown[i] = unknown_word;
    if (host->xml &&
        !view_grid(host->arena, grouping->view, host->xml, NULL, 0, grouping->columns, &grid, &grouping->error)) {
        grouping->error = arena_strdup(grouping->fleet->arena, grouping->error);
        return false;
    }
    for (size_t i = 0; i < grid.rows.count; i++)
        add_to_group(grouping, &seen, grid.rows.items[i], host->name);
    if (!host->xml)
        add_to_group(grouping, &seen, unknown, host->name);
    return true;
}

/* Most hosts first; then as they came. */
static int compare_groups(const void *one, const void *other)
{
    const struct host_group *a = ((const struct map_entry *)one)->value, *b = ((const struct map_entry *)other)->value;
    if (a->hosts != b->hosts)
        return a->hosts < b->hosts ? 1 : -1;
    return strcmp(((const struct map_entry *)one)->key, ((const struct map_entry *)other)->key);
}

static void add_group(struct host_grouping *grouping, struct fleet_report *report, const struct host_group *group)
{
    struct arena *arena = grouping->fleet->arena;
    const size_t count = grouping->column_count;
    AUTO(buf_free) struct buf label = BUF_INIT;
    struct fleet_bar *bar = arena_new_object(arena, struct fleet_bar);
    const char **cells = arena_alloc(arena, (count + 2) * sizeof *cells);
    for (size_t i = 0; i < count; i++) {
        cells[i] = group->cells[i];
        buf_printf(&label, "%s%s", i > 0 ? " " : "", cells[i] && *cells[i] ? cells[i] : "-");
    }
    cells[count] = arena_printf(arena, "%zu", group->hosts);
    cells[count + 1] = arena_strdup(arena, buf_text(&group->names));
    *bar = (struct fleet_bar){arena_strdup(arena, buf_text(&label)), group->hosts};
    vec_push(arena, &report->bars, bar);
    vec_push(arena, &report->grid.rows, cells);
}

static enum status print_groups(struct host_grouping *grouping)
{
    struct fleet *fleet = grouping->fleet;
    const size_t count = grouping->column_count;
    const bool names = invocation_has(fleet->session->invocation, "names");
    struct view_column *columns = arena_alloc(fleet->arena, (count + 2) * sizeof *columns);
    struct fleet_report report = {.title = "Groups of hosts", .plot = "hosts in each group"};
    memcpy(columns, grouping->shown, count * sizeof *columns);
    columns[count] = (struct view_column){.name = "HOSTS", .help = "how many they are", .number = true};
    columns[count + 1] = (struct view_column){.name = "NAMES", .help = "which ones", .list = true};
    report.grid = (struct grid){.columns = columns, .column_count = count + 1 + names};
    report.more = !names;
    qsort(grouping->groups.entries, grouping->groups.count, sizeof *grouping->groups.entries, compare_groups);
    for (size_t i = 0; i < grouping->groups.count; i++) {
        struct host_group *group = grouping->groups.entries[i].value;
        add_group(grouping, &report, group);
        buf_free(&group->names);
    }
    return fleet_print(fleet, &report);
}

/* "arch,domain" of --by arch --by domain, in capitals as the columns are. */
static const char *wanted_columns(const struct invocation *invocation)
{
    AUTO(buf_free) struct buf list = BUF_INIT;
    const char *const *given = invocation_values(invocation, "by");
    for (; given && *given; given++)
        buf_printf(&list, "%s%s", list.length ? "," : "", *given);
    char *text = arena_strdup(invocation->arena, buf_text(&list));
    for (char *at = text; *at; at++)
        *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
    return text;
}

enum status fleet_group(struct fleet *fleet, const char *const *words)
{
    struct invocation *invocation = fleet->session->invocation;
    enum status status = STATUS_OK;
    struct host_grouping grouping = {.fleet = fleet, .columns = wanted_columns(invocation)};
    struct grid grid = {0};
    const char *error = NULL;
    grouping.view = view_open(fleet->arena, fleet->rules.view, &status);
    if (!grouping.view)
        return status;
    const char *wrong = *grouping.columns ? view_wrong_column(fleet->arena, grouping.view, grouping.columns)
                                          : "group needs --by COLUMN; 'hvprobe fleet --help' lists them";
    if (wrong) {
        complain("%s", wrong);
        return STATUS_USAGE;
    }
    struct fleet_host nobody = {
        "", fleet_document(fleet->arena, fleet->schema, yaml_new_mapping(fleet->arena, (struct mark){0})),
        fleet->arena};
    if (!view_grid(fleet->arena, grouping.view, nobody.xml, NULL, 0, grouping.columns, &grid, &error)) {
        complain("%s", error);
        return STATUS_FAILED;
    }
    grouping.shown = grid.columns;
    grouping.column_count = grid.column_count;
    status = fleet_each(fleet, words, group_host, &grouping);
    if (grouping.error) {
        complain("%s", grouping.error);
        return STATUS_FAILED;
    }
    return status == STATUS_OK ? print_groups(&grouping) : status;
}

/* ---- missing ---- */

static const struct view_column missing_columns[] = {
    {.name = "HOST", .help = "whose document lacks it, or is not known"},
    {.name = "STATE", .help = "missing or unknown"},
    {.name = "REASON", .help = "why it is unknown"},
};

struct missing_search {
    struct fleet *fleet;
    const char *xpath;
    struct fleet_report report;
    size_t missing;
    const char *error;
};

static void add_missing(struct missing_search *search, const char *name, const char *state, const char *reason)
{
    struct arena *arena = search->fleet->arena;
    const char *cells[] = {arena_strdup(arena, name), state, reason};
    vec_push(arena, &search->report.grid.rows, arena_memdup(arena, cells, sizeof cells));
}

static bool search_host(void *context, struct fleet_host *host)
{
    struct missing_search *search = context;
    struct fleet *fleet = search->fleet;
    struct xpath_result found = {0};
    const char *error = NULL;
    if (!host->xml) {
        const struct fleet_unknown *last = fleet->unknown.items[fleet->unknown.count - 1];
        add_missing(search, host->name, unknown_word, last->reason);
        return true;
    }
    if (!document_xpath(host->arena, host->xml, NULL, search->xpath, NULL, &found, &error)) {
        search->error = arena_strdup(fleet->arena, error);
        return false;
    }
    if (!found.boolean) {
        search->missing++;
        add_missing(search, host->name, "missing", NULL);
    }
    return true;
}

static void add_bar(struct arena *arena, struct vec *bars, const char *label, size_t count)
{
    const struct fleet_bar bar = {label, count};
    vec_push(arena, bars, arena_memdup(arena, &bar, sizeof bar));
}

enum status fleet_missing(struct fleet *fleet, const char *const *words)
{
    struct missing_search search = {.fleet = fleet, .xpath = words[0]};
    const char *problem = words[0] ? xpath_problem(fleet->arena, words[0]) : "missing needs an XPath expression";
    if (problem) {
        complain("%s", problem);
        return STATUS_USAGE;
    }
    search.report = (struct fleet_report){
        .title = arena_printf(fleet->arena, "Hosts without %s", words[0]),
        .plot = "hosts that have it, lack it, or are not known",
        .grid = {.columns = missing_columns, .column_count = ARRAY_SIZE(missing_columns)},
    };
    const enum status status = fleet_each(fleet, words + 1, search_host, &search);
    if (search.error) {
        complain("%s", search.error);
        return STATUS_USAGE;
    }
    if (status != STATUS_OK)
        return status;
    const size_t known = fleet->hosts - fleet->unknown.count;
    add_bar(fleet->arena, &search.report.bars, "have it", known - search.missing);
    add_bar(fleet->arena, &search.report.bars, "lack it", search.missing);
    add_bar(fleet->arena, &search.report.bars, unknown_word, fleet->unknown.count);
    return fleet_print(fleet, &search.report);
}
