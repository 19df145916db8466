/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions about many hosts at once. */
#include "cli/fleet.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>

enum { RULES_LIMIT = 64 * 1024 };

static const struct option_kind options[] = {
    {"by", 0, "COLUMN", "group: hosts that have the same there are a group; several with commas", true},
    {"names", 0, NULL, "group: which hosts they are, too", false},
    {"why", 0, NULL, "intersect: what is not common to all, and whose it is not", false},
    {"format", 0, "FORMAT", "table (default), lines, json, yaml or html; intersect: xml (default), json or yaml",
     false},
    {"html", 0, "FILE", "write a page with a table and a plot, too", false, true},
    {NULL, 0, NULL, NULL, false},
};

static const struct fleet_question {
    const char *name;
    enum status (*ask)(struct fleet *fleet, const char *const *words);
    bool page; /* it can be a page of HTML */
} questions[] = {
    {"group", fleet_group, true},
    {"intersect", fleet_intersect, false},
    {"differ", fleet_differ, true},
    {"missing", fleet_missing, true},
};

static const char *text_of(const struct yaml_node *tree, const char *key)
{
    const struct yaml_node *node = yaml_get(tree, key);
    return node && node->kind == YAML_NODE_SCALAR ? node->value : NULL;
}

/* Are all values lists of texts, or is it such a list? */
static bool is_texts(const struct yaml_node *node, enum yaml_kind kind)
{
    if (!node || node->kind != kind)
        return false;
    for (size_t i = 0; i < node->count; i++)
        if (kind == YAML_NODE_MAPPING ? !is_texts(node->items[i], YAML_NODE_SEQUENCE)
                                      : node->items[i]->kind != YAML_NODE_SCALAR)
            return false;
    return true;
}

static bool take_rules(struct fleet_rules *rules, const struct yaml_node *tree)
{
    if (!tree || tree->kind != YAML_NODE_MAPPING)
        return false;
    *rules = (struct fleet_rules){text_of(tree, "document"), text_of(tree, "view"), yaml_get(tree, "same"),
                                  yaml_get(tree, "least"), yaml_get(tree, "own")};
    return rules->document && rules->view && is_texts(rules->same, YAML_NODE_MAPPING) &&
           is_texts(rules->least, YAML_NODE_SEQUENCE) && is_texts(rules->own, YAML_NODE_SEQUENCE);
}

static bool read_rules(struct fleet *fleet, const char *path)
{
    struct arena *arena = fleet->arena;
    struct source *source = arena_new_object(arena, struct source);
    struct diagnostics diagnostics = {.arena = arena};
    char *text = NULL;
    bool empty = false;
    source->path = path;
    if (file_read(arena, path, RULES_LIMIT, &text, &source->length) < 0)
        return false;
    source->text = text;
    const struct yaml_node *tree = yaml_parse(arena, source, &diagnostics, &empty);
    const bool taken = take_rules(&fleet->rules, tree);
    diagnostics_print(stderr, &diagnostics, false);
    if (!taken)
        complain("%s: should have document, view, same, least and own", path);
    return taken;
}

/* From the strongest of the directories with schemas that has it. */
static enum status find_rules(struct fleet *fleet)
{
    const char *const *directories = schema_directories(fleet->arena);
    const char *error = NULL;
    const char *const *directory = directories;
    while (*directory && !read_rules(fleet, text_path(fleet->arena, *directory, "fleet.yaml")))
        directory++;
    const char *path = *directory ? schema_find(fleet->arena, directories, fleet->rules.document) : NULL;
    if (!path) {
        complain("there is no fleet.yaml with its schema in %s", directories[0] ? directories[0] : "any directory");
        return STATUS_BROKEN_RULE;
    }
    fleet->schema = schema_load(path, fleet->arena, NULL, &error);
    if (!fleet->schema)
        complain("%s", error);
    return fleet->schema ? STATUS_OK : STATUS_BROKEN_RULE;
}

static const struct fleet_question *find_question(const struct invocation *invocation)
{
    const char *names[ARRAY_SIZE(questions)];
    for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
        names[i] = questions[i].name;
        if (invocation->word_count > 0 && text_equal(invocation->words[0], names[i]))
            return &questions[i];
    }
    if (invocation->word_count > 0)
        complain_unknown("question of fleet", invocation->words[0], names, ARRAY_SIZE(names),
                         "there are group, intersect, differ and missing");
    else
        complain("fleet needs a question: group, intersect, differ or missing; see 'hvprobe fleet --help'");
    return NULL;
}

static enum status check(const struct invocation *invocation, const struct fleet_question *question)
{
    const char *format = invocation_value(invocation, "format");
    if (invocation_has(invocation, "root") || invocation_has(invocation, "snapshot")) {
        complain("fleet takes its hosts as arguments, not by --root or --snapshot");
        return STATUS_USAGE;
    }
    if (!question->page && (text_equal(format, "html") || invocation_has(invocation, "html"))) {
        complain("%s is a document, and no page of HTML", question->name);
        return STATUS_USAGE;
    }
    if (invocation->word_count > 1)
        return STATUS_OK;
    complain("%s needs snapshots, or files that batch wrote", question->name);
    return STATUS_USAGE;
}

static enum status run(struct invocation *invocation)
{
    const struct fleet_question *question = find_question(invocation);
    enum status status = question ? check(invocation, question) : STATUS_USAGE;
    struct session session;
    if (status != STATUS_OK)
        return status;
    struct fleet fleet = {.session = &session, .arena = invocation->arena};
    status = find_rules(&fleet);
    if (status != STATUS_OK)
        return status;
    const char *const documents[] = {fleet.rules.document, NULL};
    status = session_open(&session, invocation, SESSION_RULES | SESSION_LEAN, documents);
    if (status != STATUS_OK)
        return status;
    return session_close(&session, question->ask(&fleet, (const char *const *)invocation->words + 1));
}

extern const struct command command_fleet;
const struct command command_fleet = {"fleet",
                                      "group|intersect|differ|missing [ARG] SNAPSHOT|FILE...|-",
                                      "what many hosts have in common, and what not",
                                      options,
                                      NULL,
                                      run,
                                      .many = true};
