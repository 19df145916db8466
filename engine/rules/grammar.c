/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The grammar of rule files: which keys, of which shape. Facts are in grammar_fact.c. */
#include "rules/grammar.h"
#include "base/build.h"
#include "base/text.h"
#include "rules/merge.h"

#include <string.h>

/* Errors shown of one file: a person does not read more, and a hostile file may have a hundred thousand. */
enum { ERROR_LIMIT = 200 };

/* First words of built-in names: a fact or rule of that name could not be told from them. (A test compares.) */
#define UNRESERVED_PATTERN "^(?!(host|os|lang|compat|param)$)[A-Za-z_][A-Za-z0-9_-]*$"

static void check_unreserved(struct checker *checker, const struct yaml_node *node)
{
    const struct vocabulary *vocabulary = checker->context;

    if (!name_is_valid(checker, node))
        return;
    for (const struct builtin_kind *builtin = vocabulary->builtins; builtin != NULL && builtin->name != NULL;
         builtin++) {
        const size_t length = strcspn(builtin->name, ".");
        if (length != node->length || strncmp(builtin->name, node->value, length) != 0)
            continue;
        problem(checker, DIAG_BAD_NAME, node->at, "take another name",
                "'%s' is built in: '${%s%s}' would mean two things", node->value, node->value,
                builtin->name[length] == '.' ? ".\xe2\x80\xa6" : "");
        return;
    }
}

static void check_drop(struct checker *checker, const struct place *place)
{
    struct diagnostics *diagnostics = checker->diagnostics;
    struct drop_part part;
    struct vec names;

    if (place->node->kind != YAML_NODE_SCALAR || drop_parse(diagnostics->arena, place->node->value, &part))
        return;
    names = drop_sections(diagnostics->arena);
    diagnose(diagnostics, DIAG_BAD_VALUE, place->node->at,
             part.section == NULL ? known_names(diagnostics, part.word, &names)
                                  : arena_printf(diagnostics->arena, "write %s", part.section->form),
             "'%s' names no part of a rule", place->node->value);
}

/* A rule's id is its file's name, so that a person finds the file and no two rules of a layer can have the same id. */
static void check_rule_id(struct checker *checker, const struct place *place)
{
    struct diagnostics *diagnostics = checker->diagnostics;
    const struct yaml_node *node = place->node;
    const char *path = node->at.source != NULL ? node->at.source->path : "-";
    const char *name = text_base_name(path);

    check_unreserved(checker, node);
    if (strcmp(name, "-") == 0 || !text_is_name(node->value, node->length))
        return;
    if (strcmp(name, arena_printf(diagnostics->arena, "%s.yaml", node->value)) != 0)
        diagnose(diagnostics, DIAG_BAD_NAME, node->at,
                 arena_printf(diagnostics->arena,
                              "rename the file or the rule; to change rule '%s', write 'extends: %s'", node->value,
                              node->value),
                 "rule '%s' should be in a file '%s.yaml', not in '%s'", node->value, node->value, name);
}

/* any, ID or ID OPERATOR VERSION, with commas; as link_choice.c reads them. */
#define SELECTOR         " *(any|(?!any *[<>=!])[a-z0-9._-]+( *(>=|<=|!=|>|<|=) *[a-z0-9._+~-]+)?) *"
#define SELECTOR_PATTERN "^" SELECTOR "(," SELECTOR ")*$"

/* Steps, predicates and a last @attribute, as link_path.c reads them; predicates in predicates are not looked at. */
#define STEP_NAME "[A-Za-z_\\u0080-\\uffff][A-Za-z0-9_.:\\u0080-\\uffff-]*"
#define NODE_PATH(predicate)                                                                                           \
    "(" STEP_NAME "(" predicate ")*(/" STEP_NAME "(" predicate ")*)*(/@" STEP_NAME ")?|@" STEP_NAME ")"
#define PREDICATE         "\\[ *(" NODE_PATH("\\[.*\\]") "|\\.) *= *('[^']*'|\"[^\"]*\") *\\]"
#define NODE_PATH_PATTERN "^" NODE_PATH(PREDICATE) "$"

const struct shape shape_template = {.accepts = ACCEPT_TEXT, .template = true};
static const struct shape shape_templates = {
    .accepts = ACCEPT_TEXT | ACCEPT_LIST, .items = &shape_template, .template = true};
static const struct shape shape_text_map = {.accepts = ACCEPT_MAPPING, .others = &shape_text};

/* tables: NAME: {TEXT: TEXT} */
static const struct shape shape_tables = {.accepts = ACCEPT_MAPPING,
                                          .others = &shape_text_map,
                                          .check_key = check_unreserved,
                                          .keys_pattern = UNRESERVED_PATTERN};

/* paths: NAME: {SELECTOR: [TEMPLATE]} */
static const struct shape shape_path_table = {
    .accepts = ACCEPT_MAPPING, .others = &shape_templates, .keys_pattern = SELECTOR_PATTERN};
static const struct shape shape_paths = {.accepts = ACCEPT_MAPPING,
                                         .others = &shape_path_table,
                                         .check_key = check_unreserved,
                                         .keys_pattern = UNRESERVED_PATTERN};

const struct shape shape_fact = {
    .accepts = ACCEPT_MAPPING, .check = check_fact, .name = "fact", .write_schema = schema_write_fact};
static const struct shape shape_facts = {.accepts = ACCEPT_MAPPING,
                                         .others = &shape_fact,
                                         .check_key = check_unreserved,
                                         .keys_pattern = UNRESERVED_PATTERN};

/* A condition: FACT, a list of conditions, or a mapping of any, all, not and comparisons. */
static const struct key comparison_keys[] = {
    {"in", &shape_text, true, "FACT.COLUMN: the value is one of that fact's values"}, {0}};
static const struct shape shape_comparison = {.accepts = ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_MAPPING,
                                              .keys = comparison_keys,
                                              .items = &shape_template,
                                              .template = true,
                                              .name = "comparison"};
static const struct shape shape_operands = {
    .accepts = ACCEPT_TEXT | ACCEPT_LIST, .items = &shape_template, .template = true};
static const struct shape shape_conditions = {.accepts = ACCEPT_LIST, .items = &shape_condition};
static const struct key condition_keys[] = {
    {"any", &shape_conditions, false, "one of them holds"},
    {"all", &shape_conditions, false, "all of them hold"},
    {"not", &shape_condition, false, "it does not hold; what is unknown stays unknown"},
    {"set", &shape_operands, false, "this name or template has a value; of a list, each"},
    {"unset", &shape_operands, false, "it has none; of a list, each"},
    {"exists", &shape_texts, false, "the fact has any row, whatever row is current; of a list, each"},
    {0},
};
const struct shape shape_condition = {
    .accepts = ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_MAPPING,
    .keys = condition_keys,
    .others = &shape_comparison,
    .items = &shape_condition,
    .name = "condition",
};

static const char *const check_levels[] = {"fail", "warn", "note", NULL};
static const struct shape shape_level = {.accepts = ACCEPT_TEXT, .choices = check_levels};
static const struct shape shape_hint = {.accepts = ACCEPT_TEXT | ACCEPT_MAPPING,
                                        .others = &shape_template,
                                        .template = true,
                                        .keys_pattern = SELECTOR_PATTERN};
static const struct key check_keys[] = {
    {"name", &shape_name, false, "so that a layer can replace or drop it"},
    {"title", &shape_template, true, "what should be so, as a sentence (template)"},
    {"expect", &shape_condition, true, "what must hold for a PASS"},
    {"when", &shape_condition, false, "only then is the question asked at all"},
    {"otherwise", &shape_level, false, "what it is when expect does not hold: fail (unless said), warn or note"},
    {"hint", &shape_hint, false, "what a person can do about it (template); or a mapping from distributions to hints"},
    {"for", &shape_text, false, "a fact: one check for each of its rows"},
    {"reference", &shape_texts, false, "where its claim and its hint come from: a URL or citation, or a list"},
    {0},
};
static const struct shape shape_check = {.accepts = ACCEPT_MAPPING, .keys = check_keys};
static const struct shape shape_checks = {.accepts = ACCEPT_LIST, .items = &shape_check};

/* An empty mapping is an empty element, but no values are nothing to set. */
static void check_values(struct checker *checker, const struct place *place)
{
    if (place->node->kind == YAML_NODE_SEQUENCE && place->node->count == 0)
        problem(checker, DIAG_EMPTY, place->node->at, "{} is an empty element", "%s has nothing in it",
                place_label(checker, place));
}

/* set: {PATH: {} (or nothing), text, a mapping of attributes, or a list of these} */
static const struct shape shape_value = {.accepts = ACCEPT_NOTHING | ACCEPT_TEXT | ACCEPT_MAPPING | ACCEPT_EMPTY,
                                         .others = &shape_template,
                                         .template = true};
static const struct shape shape_values = {
    .accepts = ACCEPT_NOTHING | ACCEPT_TEXT | ACCEPT_MAPPING | ACCEPT_LIST | ACCEPT_EMPTY,
    .template = true,
    .others = &shape_template,
    .items = &shape_value,
    .check = check_values,
    .rest = "\"minItems\": 1",
};
static const struct shape shape_set = {
    .accepts = ACCEPT_MAPPING, .others = &shape_values, .keys_pattern = NODE_PATH_PATTERN};
static const struct shape shape_at = {.accepts = ACCEPT_TEXT, .template = true, .pattern = NODE_PATH_PATTERN};
static const struct shape shape_emit;
static const struct key emit_keys[] = {
    {"name", &shape_name, false, "so that a layer can replace or drop it"},
    {"for", &shape_text, false,
     "a fact: once for each of its rows; inside another for, for those that belong to its row"},
    {"each", &shape_at, false,
     "node path: once for each node there is, its attributes are columns; after the entries of all rules, if not "
     "inside another"},
    {"when", &shape_condition, false, "only where this holds"},
    {"at", &shape_at, false, "node path that the paths below start from; created so that it holds"},
    {"set", &shape_set, false, "node path: value; see Documents"},
    {"emit", &shape_emit, false, "more entries, relative to this one's node and row"},
    {0},
};
static const struct shape shape_entry = {.accepts = ACCEPT_MAPPING, .keys = emit_keys};
static const struct shape shape_emit = {.accepts = ACCEPT_LIST, .items = &shape_entry, .name = "emit"};

static void check_trace(struct checker *checker, const struct place *place)
{
    if (place->node->kind == YAML_NODE_SCALAR && place->node->value[0] != '/')
        diagnose(checker->diagnostics, DIAG_BAD_VALUE, place->node->at, "a path or pattern that begins with '/'",
                 "'%s' is not an absolute path", place->node->value);
}

/* traces: paths of which one is there wherever this rule has anything to say. */
#define TRACE_PATTERN "^/"
static const struct shape shape_trace = {.accepts = ACCEPT_TEXT, .check = check_trace, .pattern = TRACE_PATTERN};
static const struct shape shape_traces = {
    .accepts = ACCEPT_TEXT | ACCEPT_LIST, .items = &shape_trace, .check = check_trace, .pattern = TRACE_PATTERN};

static const struct shape shape_rule_id = {
    .accepts = ACCEPT_TEXT, .check = check_rule_id, .pattern = UNRESERVED_PATTERN};
static const struct shape shape_drop_part = {
    .accepts = ACCEPT_TEXT, .check = check_drop, .name = "part", .write_schema = schema_write_drop};
static const struct shape shape_drop = {
    .accepts = ACCEPT_TEXT | ACCEPT_LIST, .items = &shape_drop_part, .check = check_drop};

/* Numbers with points between them. */
static bool is_version(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    for (; digits > 0 && text[digits] == '.'; digits = strspn(text, "0123456789"))
        text += digits + 1;
    return digits > 0 && text[digits] == '\0';
}

static void check_version(struct checker *checker, const struct place *place)
{
    if (!is_version(place->node->value))
        diagnose(checker->diagnostics, DIAG_BAD_VALUE, place->node->at, "such as 0.2 or 0.2.1",
                 "%s should be a version of hvprobe, not '%s'", place_label(checker, place), place->node->value);
}

static const struct shape shape_version = {.accepts = ACCEPT_TEXT,
                                           .text = "a version",
                                           .check = check_version,
                                           .types = "string number",
                                           .pattern = "^[0-9]+(\\.[0-9]+)*$"};

static const struct key rule_keys[] = {
    {"rule", &shape_rule_id, false, "id of the rule; the file is called ID.yaml"},
    {"extends", &shape_name, false, "in place of rule: id of the rule that this file changes"},
    {"title", &shape_text, false, "what people call it"},
    {"needs", &shape_version, false,
     "the oldest hvprobe that understands the file, such as 0.2; an older one leaves it out and says so"},
    {"reference", &shape_texts, false, "where what it says comes from: a URL or citation, or a list"},
    {"driver", &shape_name, false, "driver that --driver selects; rules without one are always taken"},
    {"document", &shape_name, false, "document that it emits into; capabilities unless said"},
    {"traces", &shape_traces, false,
     "paths and patterns of which one exists wherever the checks have something to say"},
    {"tables", &shape_tables, false,
     "look-ups: NAME: {text: text}; used as ${x|map:NAME}, of other rules as map:RULE.NAME"},
    {"paths", &shape_paths, false, "path tables: NAME: {SELECTOR: [candidate, ...]}; used by the source path"},
    {"facts", &shape_facts, false, "observations: NAME: one source, at most one extract, modifiers"},
    {"available", &shape_condition, false, "else the rule emits nothing"},
    {"checks", &shape_checks, false, "what 'hvprobe checks' asks"},
    {"emit", &shape_emit, false, "what it adds to the document"},
    {"drop", &shape_drop, false, "with extends: parts to take away first"},
    {0},
};

const struct key_group rule_key_groups[] = {
    {"Keys of a rule file", rule_keys},
    {"Modifiers of a fact", modifier_keys},
    {"Keys of an emit entry", emit_keys},
    {"Keys of a check", check_keys},
    {"Words of a condition", condition_keys},
    {"Words of a comparison", comparison_keys},
    {NULL, NULL},
};

/* A rule without one of these does nothing. */
static const char *const rule_content[] = {"tables", "paths", "facts", "checks", "emit"};

static struct mark key_mark(const struct yaml_node *mapping, const char *key)
{
    for (size_t i = 0; i < mapping->count; i++) {
        if (strcmp(mapping->keys[i]->value, key) == 0)
            return mapping->keys[i]->at;
    }
    return mapping->at;
}

static void check_content(struct checker *checker, const struct yaml_node *tree)
{
    const struct yaml_node *rule = yaml_get(tree, "rule");
    const struct yaml_node *extends = yaml_get(tree, "extends");

    if (extends != NULL && tree->count == 1)
        diagnose(checker->diagnostics, DIAG_EMPTY, key_mark(tree, "extends"), NULL,
                 "this file changes nothing of the rule that it extends");
    if (rule == NULL || extends != NULL)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(rule_content); i++) {
        if (yaml_get(tree, rule_content[i]) != NULL || key_misspelt(tree, rule_keys, rule_content[i]))
            return;
    }
    diagnose(checker->diagnostics, DIAG_EMPTY, key_mark(tree, "rule"),
             "it should have facts, and emit or checks; or tables or paths for other rules",
             "this rule has nothing in it");
}

static void check_rule(struct checker *checker, const struct place *place)
{
    const struct yaml_node *tree = place->node;
    const struct yaml_node *rule = yaml_get(tree, "rule");
    const struct yaml_node *extends = yaml_get(tree, "extends");

    if (rule == NULL && extends == NULL && !key_misspelt(tree, rule_keys, "rule") &&
        !key_misspelt(tree, rule_keys, "extends"))
        diagnose(checker->diagnostics, DIAG_MISSING_KEY, tree->at,
                 "write 'rule: ID', or 'extends: ID' to change a rule", "a rule file lacks 'rule'");
    if (rule != NULL && extends != NULL)
        diagnose(checker->diagnostics, DIAG_UNKNOWN_KEY, key_mark(tree, "extends"),
                 "a file either makes a rule or changes one", "'extends' cannot stand beside 'rule'");
    else if (rule != NULL && yaml_get(tree, "drop") != NULL)
        diagnose(checker->diagnostics, DIAG_UNKNOWN_KEY, key_mark(tree, "drop"), "leave these parts out of the rule",
                 "'drop' goes with 'extends' only");
    check_content(checker, tree);
}

/* The rest is what check_rule asks; drop and extends alone change nothing. */
const struct shape shape_rule = {
    .accepts = ACCEPT_MAPPING,
    .keys = rule_keys,
    .check = check_rule,
    .rest = "\"oneOf\": [{\"required\": [\"rule\"]}, {\"required\": [\"extends\"], \"minProperties\": 2}], "
            "\"dependentRequired\": {\"drop\": [\"extends\"]}, "
            "\"anyOf\": [{\"required\": [\"extends\"]}, {\"required\": [\"tables\"]}, {\"required\": [\"paths\"]}, "
            "{\"required\": [\"facts\"]}, {\"required\": [\"checks\"]}, {\"required\": [\"emit\"]}]",
};

bool grammar_understood(const struct yaml_node *tree, struct diagnostics *diagnostics)
{
    const struct yaml_node *needs = tree->kind == YAML_NODE_MAPPING ? yaml_get(tree, "needs") : NULL;

    if (needs == NULL || needs->kind != YAML_NODE_SCALAR || !is_version(needs->value) ||
        text_compare_versions(needs->value, HVPROBE_VERSION) <= 0)
        return true;
    diagnose(diagnostics, DIAG_TOO_NEW, needs->at, "it is left out until hvprobe is newer",
             "this file needs hvprobe %s or later; this is %s", needs->value, HVPROBE_VERSION);
    return false;
}

bool grammar_check(const struct yaml_node *tree, const struct vocabulary *vocabulary, struct diagnostics *diagnostics)
{
    struct checker checker = {
        .diagnostics = diagnostics,
        .error_limit = diagnostics->errors + ERROR_LIMIT,
        .whole = "a rule file",
        .quote = "'",
        .only = DIAG_MAX,
        .context = vocabulary,
    };
    const bool sound = keys_read(&checker, &shape_rule, tree, NULL);

    if (diagnostics->errors >= checker.error_limit)
        diagnose(diagnostics, DIAG_WRONG_TYPE, (struct mark){.source = tree->at.source}, NULL,
                 "this file has more than %d errors; the rest is not shown", ERROR_LIMIT);
    return sound;
}
