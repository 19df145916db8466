/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions about many hosts at once. */
#include "cli/fleet.h"

#include "base/keys.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

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

static const struct shape shape_paths = {.accepts = ACCEPT_LIST | ACCEPT_EMPTY, .items = &shape_text};
static const struct shape shape_same = {.accepts = ACCEPT_MAPPING, .others = &shape_paths};
static const struct key rules_keys[] = {
    {"document", &shape_text, true, "the document that is compared", FILLS(struct fleet_rules, document)},
    {"view", &shape_text, true, "whose columns hosts are grouped by", FILLS(struct fleet_rules, view)},
    {"same", &shape_same, true, "what tells an element from others of its name", 0},
    {"least", &shape_paths, true, "numbers of which the least counts", 0},
    {"own", &shape_paths, true, "what every host has for itself", 0},
    {0},
};
static const struct shape shape_fleet = {.accepts = ACCEPT_MAPPING, .keys = rules_keys};

static bool read_rules(struct fleet *fleet, const char *path)
{
    const char *error = NULL;
    const struct yaml_node *tree =
        access(path, F_OK) == 0 ? keys_read_file(fleet->arena, path, &shape_fleet, &fleet->rules, &error) : NULL;
    if (error)
        complain("%s", error);
    if (!tree)
        return false;
    fleet->rules.same = yaml_get(tree, "same");
    fleet->rules.least = yaml_get(tree, "least");
    fleet->rules.own = yaml_get(tree, "own");
    return true;
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
