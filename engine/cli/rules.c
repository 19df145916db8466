/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rule set as merged from its layers, and what editors and authors need to know of its language. */
#include "cli/rules.h"
#include "base/digest.h"
#include "base/keys_schema.h"
#include "base/text.h"
#include "cli/guard.h"
#include "root/snapshot_keys.h"
#include "rules/reference.h"
#include "rules/schema_json.h"
#include "test/test.h"

#include <string.h>

static const struct option_kind options[] = {
    {"format", 0, "FORMAT", "table (default), lines, json or yaml", false},
    LAYER_OPTION("the list, and cat without RULE: only what stands in this directory"),
    {"reference", 0, NULL, "the tables of the rule language, in Markdown", false},
    {"schema", 0, "WHAT", "for editors: the JSON Schema of a rule, snapshot (snapshot.yaml), case (case.yaml) or view",
     false},
    {"compile", 0, NULL,
     "link all rules once for all, into a file beside the library (of --root: below it) that later runs use", false},
    {"digest", 0, NULL, "one line that is the same where all rule files are the same", false},
    {"output", 'o', "PATH", "the directory where 'new' writes, default the current one; the file that --compile writes",
     false, true},
    {NULL, 0, NULL, NULL, false},
};

static const struct view_column columns[] = {
    {.name = "RULE", .help = "rule id"},
    {.name = "STATE", .help = "used, hidden, masked, broken"},
    {.name = "DRIVER", .help = "its driver"},
    {.name = "DOCUMENT", .help = "what it emits into"},
    {.name = "TITLE", .help = "its title"},
    {.name = "FILE", .help = "where it is"},
    {.name = "NOTE", .help = "what it hides or changes"},
};

static const char *const state_words[] = {
    [FILE_USED] = "used",     [FILE_HIDDEN] = "hidden", [FILE_MASK] = "mask",
    [FILE_MASKED] = "masked", [FILE_BROKEN] = "broken", [FILE_SKIPPED] = "skipped",
};

static const char *note(struct session *session, const struct rule_file *file)
{
    struct arena *arena = session->arena;
    if (file->extends)
        return arena_printf(arena, "changes %s", file->id ? file->id : "?");
    if (file->other)
        return arena_printf(arena, "hidden by %s", file->other->source.path);
    const char *others = rules_hidden_files(arena, session->rules, &file->source);
    return others ? arena_printf(arena, "hides %s", others) : NULL;
}

static enum status list_rules(struct session *session, const struct vec *layers)
{
    struct grid grid = {.columns = columns, .column_count = ARRAY_SIZE(columns)};
    for (size_t i = 0; i < session->rules->files.count; i++) {
        const struct rule_file *file = session->rules->files.items[i];
        if (!layers_have(layers, file->source.layer))
            continue;
        const struct rule *rule = file->id && file->state == FILE_USED ? rule_set_find(session->rules, file->id) : NULL;
        const char **cells = arena_alloc(session->arena, ARRAY_SIZE(columns) * sizeof *cells);
        cells[0] = file->id ? file->id : file->name;
        cells[1] = state_words[file->state];
        cells[2] = rule ? rule->driver : NULL;
        cells[3] = rule ? rule->document : NULL;
        cells[4] = rule ? rule->title : NULL;
        cells[5] = file->source.path;
        cells[6] = note(session, file);
        vec_push(session->arena, &grid.rows, cells);
    }
    return output_grid(session, &grid, "table");
}

static enum status show_rule(struct session *session, const char *id, bool another)
{
    enum status status;
    const struct rule *rule = session_rule(session, id, &status);
    AUTO(buf_free) struct buf out = BUF_INIT;
    if (!rule)
        return status;
    buf_add(&out, another ? "---\n" : "");
    rule_write(&out, session->rules, rule, session->arena);
    return output_text(&out, STATUS_OK);
}

static enum status show_rules(struct session *session, const char *const *ids, size_t count)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = show_rule(session, ids[i], i > 0);
    }
    return status;
}

/* Does a file of these layers make or change the rule? */
static bool is_of(const struct vec *layers, const struct rule *rule)
{
    bool found = layers_have(layers, rule->at.source->layer);
    for (size_t i = 0; i < rule->overlays.count && !found; i++)
        found = layers_have(layers, ((const struct source *)rule->overlays.items[i])->layer);
    return found;
}

/* cat: the rules that are named, or all. */
static enum status cat(struct session *session, const struct vec *layers)
{
    size_t count = 0;
    const struct invocation *invocation = session->invocation;
    const struct map *rules = &session->rules->rules;
    if (invocation->word_count > 1)
        return show_rules(session, invocation->words + 1, invocation->word_count - 1);
    const char **ids = arena_alloc(session->arena, (rules->count + 1) * sizeof *ids);
    for (size_t i = 0; i < rules->count; i++)
        if (is_of(layers, rules->entries[i].value))
            ids[count++] = rules->entries[i].key;
    return show_rules(session, ids, count);
}

static enum status act(struct session *session)
{
    const struct invocation *invocation = session->invocation;
    const char *word = invocation->words[0];
    struct vec layers = {0};
    const enum status status = layers_asked(invocation, &layers);
    if (status != STATUS_OK)
        return status;
    if (!word)
        return list_rules(session, &layers);
    if (text_equal(word, "cat"))
        return cat(session, &layers);
    return text_equal(word, "delta") ? rules_delta(session)
                                     : show_rules(session, invocation->words, invocation->word_count);
}

static enum status print_digest(struct session *session)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    buf_printf(&out, "%s\n", rules_digest(session));
    return output(&out, STATUS_OK);
}

static enum status write_reference(void)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    rules_reference(&out, &hvprobe_vocabulary);
    view_reference(&out);
    case_reference(&out);
    keys_reference(&out, snapshot_key_groups);
    return output(&out, STATUS_OK);
}

static void write_rule_schema(struct buf *out)
{
    rules_json_schema(out, &hvprobe_vocabulary);
}

static void write_snapshot_schema(struct buf *out)
{
    static const struct schema_head head = {
        .title = "hvprobe snapshot",
        .description = "What was recorded of a host, beside the files below root/.",
    };
    keys_json_schema(out, &shape_snapshot, &head);
}

static const struct {
    const char *name;
    void (*write)(struct buf *out);
} schemas[] = {{"rule", write_rule_schema},
               {"snapshot", write_snapshot_schema},
               {"case", case_json_schema},
               {"view", view_json_schema}};

static enum status write_schema(const char *what)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    for (size_t i = 0; i < ARRAY_SIZE(schemas); i++) {
        if (!text_equal(schemas[i].name, what))
            continue;
        schemas[i].write(&out);
        return output(&out, STATUS_OK);
    }
    complain("--schema is rule, snapshot, case or view, not '%s'", what);
    return STATUS_USAGE;
}

static enum status run(struct invocation *invocation)
{
    struct session session;
    if (invocation_has(invocation, "compile"))
        return rules_compile(invocation);
    const char *schema = invocation_value(invocation, "schema");
    if (schema)
        return write_schema(schema);
    if (invocation_has(invocation, "reference"))
        return write_reference();
    if (invocation->word_count && text_equal(invocation->words[0], "new"))
        return rules_new(invocation);
    enum status status = session_open(&session, invocation, SESSION_RULES, NULL);
    if (status != STATUS_OK)
        return status;
    return session_close(&session, invocation_has(invocation, "digest") ? print_digest(&session) : act(&session));
}

/* 'new' writes here unless told otherwise, --compile beside the library. */
static void add_places(const struct invocation *invocation, struct vec *places)
{
    vec_push(invocation->arena, places, ".");
    if (invocation_has(invocation, "compile"))
        guard_add_parent(invocation->arena, places, rules_compiled_path(invocation));
}

extern const struct command command_rules;
const struct command command_rules = {
    "rules",
    "[RULE ... | cat [RULE ...] | delta [RULE ...] | new NAME | --compile]",
    "the rules that there are; of RULE, or cat: what it says and where from; delta: what layers change",
    options,
    NULL,
    run,
    .places = add_places};
