/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the command fleet: hosts come one after the other out of snapshots or of what batch wrote (fleet_hosts.c,
 * whose JSON fleet_json.c reads), and what is asked of all of them is found as they come (fleet_group.c,
 * fleet_differ.c, fleet_intersect.c). What of a document is the same thing on another host stands in
 * schemas/fleet.yaml.
 */
#ifndef HVPROBE_CLI_FLEET_H
#define HVPROBE_CLI_FLEET_H

#include "cli/command.h"

/* schemas/fleet.yaml. */
struct fleet_rules {
    const char *document;          /* that is compared */
    const char *view;              /* whose columns hosts are grouped by */
    const struct yaml_node *same;  /* element -> paths whose texts tell it from others of its name */
    const struct yaml_node *least; /* ELEMENT/@ATTRIBUTE: of numbers that differ the least counts */
    const struct yaml_node *own;   /* paths from the root element on of what every host has for itself */
};

struct fleet {
    struct session *session;
    struct arena *arena;
    struct fleet_rules rules;
    const struct schema *schema; /* of the document */
    size_t hosts;                /* that came so far */
    struct vec unknown;          /* of struct fleet_unknown: hosts of which there is no document */
};

struct fleet_unknown {
    const char *name, *reason;
};

/* Lives until the next one comes. */
struct fleet_host {
    const char *name;
    xmlDoc *xml; /* NULL: unknown */
    struct arena *arena;
};

/* Called for each host in the order of the input. false: enough. */
typedef bool (*fleet_taker)(void *context, struct fleet_host *host);

/* fleet_hosts.c: inputs (NULL-terminated) are snapshots, files of lines, or "-". STATUS_OK, or a message was printed.
 */
enum status fleet_each(struct fleet *fleet, const char *const *inputs, fleet_taker take, void *context);
/* fleet_json.c: a document from the data that it was written as. NULL: it is no object. */
xmlDoc *fleet_document(struct arena *arena, const struct schema *schema, const struct yaml_node *data);
/* fleet_same.c: what tells a child from others of its parent, as a predicate's text: "[name='one']"; "" where there
 * is only one. */
const char *fleet_identity(const struct fleet *fleet, struct arena *arena, const xmlNode *node,
                           const struct schema_child *child);
bool fleet_is_own(const struct fleet *fleet, struct arena *arena, const xmlNode *node);
bool fleet_is_least(const struct fleet *fleet, const char *element, const char *attribute);

/* What is printed: a table, and what a plot of it shows. */
struct fleet_bar {
    const char *label;
    size_t count;
};
struct fleet_report {
    const char *title, *plot; /* what the whole and the plot tell */
    struct grid grid;
    size_t more;     /* columns behind those of the grid, for programs and pages */
    struct vec bars; /* of struct fleet_bar */
};
/* fleet_report.c: prints as --format asks, and writes --html. */
enum status fleet_print(struct fleet *fleet, const struct fleet_report *report);

/* The questions; words are what follows them. */
enum status fleet_group(struct fleet *fleet, const char *const *words);
enum status fleet_missing(struct fleet *fleet, const char *const *words);
enum status fleet_differ(struct fleet *fleet, const char *const *words);
enum status fleet_intersect(struct fleet *fleet, const char *const *words);

#endif
