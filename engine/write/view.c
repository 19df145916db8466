/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Views: tables over documents, and their commands, described by schemas/views/NAME.yaml. */
#include "base/keys_schema.h"
#include "base/regex.h"
#include "base/text.h"
#include "rules/row_template.h"
#include "write/view_read.h"

#include <ctype.h>
#include <string.h>

enum { ERROR_LIMIT = 200 };

/* A form as it is written: its templates are linked when all columns are known. */
struct draft_form {
    const char *name;
    const char *help;
    struct vec with; /* of struct view_column */
    const struct yaml_node *head;
    const struct yaml_node *lines;
};

/* A view as it is written. */
struct draft_view {
    struct view view;
    struct view_collect collect;
    struct vec columns, filters, arguments, parameters; /* of struct view_column, ... */
    struct vec forms;                                   /* of struct draft_form */
    struct draft_form plain; /* head: and lines: of the view itself, which are the format lines */
};

static void check_view_name(struct checker *checker, const struct place *place)
{
    struct arena *arena = checker->diagnostics->arena;
    const char *file = place->node->at.source ? text_base_name(place->node->at.source->path) : "";

    if (!text_equal(file, arena_printf(arena, "%s.yaml", place->node->value)))
        problem(checker, DIAG_BAD_VIEW, place->node->at, "a view has its file's name",
                "view '%s' should be in a file '%s.yaml', not in '%s'", place->node->value, place->node->value, file);
}

static void check_command_name(struct checker *checker, const struct place *place)
{
    const char *name = place->node->value;

    if (!islower((unsigned char)*name) || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
        problem(checker, DIAG_BAD_VIEW, place->node->at, "a lower-case letter, then letters, digits and hyphens",
                "'%s' is no name of a command or option", name);
}

/* Names of columns, as templates write them: number and count are the engine's own. */
static void check_column_name(struct checker *checker, const struct place *place)
{
    const char *name = place->node->value;

    if (name_is_valid(checker, place->node) && (strcasecmp(name, "number") == 0 || strcasecmp(name, "count") == 0))
        problem(checker, DIAG_BAD_VIEW, place->node->at, "take another name",
                "'%s' is built in: the row's number and the number of rows", name);
}

static void check_with_name(struct checker *checker, const struct yaml_node *key)
{
    check_column_name(checker, &(struct place){.node = key});
}

static void take_with(struct checker *checker, const struct place *place)
{
    (void)checker;
    *(struct view_column *)place->target =
        (struct view_column){.name = place->key->value, .xpath = place->node->value, .hidden = true};
}

static void take_node(struct checker *checker, const struct place *place)
{
    (void)checker;
    *(const struct yaml_node **)place->target = place->node;
}

static void take_form(struct checker *checker, const struct place *place)
{
    (void)checker;
    ((struct draft_form *)place->target)->name = place->key->value;
}

/* Asking libxml2 takes a while: only when lint asks, or something went wrong (the context of the checker). */
static void check_xpath(struct checker *checker, const struct place *place)
{
    const bool *thorough = checker->context;
    const char *wrong = *thorough ? xpath_problem(checker->diagnostics->arena, place->node->value) : NULL;

    if (wrong)
        problem(checker, DIAG_BAD_VIEW, place->node->at, NULL, "%s", wrong);
}

#define OPTION_PATTERN "^[a-z][a-z0-9-]*$"
static const struct shape shape_view_name = {.accepts = ACCEPT_TEXT, .check = check_view_name, .pattern = NAME_PATTERN};
static const struct shape shape_option = {
    .accepts = ACCEPT_TEXT, .check = check_command_name, .pattern = OPTION_PATTERN};
static const struct shape shape_xpath = {.accepts = ACCEPT_TEXT, .text = "XPath", .check = check_xpath};
static const struct shape shape_column_name = {
    .accepts = ACCEPT_TEXT, .check = check_column_name, .pattern = NAME_PATTERN};

#define LIST_OF(name, row, object, row_words)                                                                          \
    static const struct shape shape_##name = {                                                                         \
        .accepts = ACCEPT_MAPPING, .keys = row##_keys, .size = sizeof(struct object)};                                 \
    static const struct shape shape_##name##s = {.accepts = ACCEPT_LIST, .items = &shape_##name, .words = row_words};

static const struct key column_keys[] = {
    {"name", &shape_column_name, true, "heading; in JSON and in templates in lower case",
     FILLS(struct view_column, name)},
    {"help", &shape_text, false, "what it shows", FILLS(struct view_column, help)},
    {"xpath", &shape_xpath, true, "its text, from the row", FILLS(struct view_column, xpath)},
    {"else", &shape_xpath, false, "the same, where xpath gives nothing", FILLS(struct view_column, otherwise)},
    {"hidden", &shape_flag, false, "tables show it only with --columns", FILLS(struct view_column, hidden)},
    {"number", &shape_flag, false, "it is a number", FILLS(struct view_column, number)},
    {"upper", &shape_flag, false, "in capital letters", FILLS(struct view_column, upper)},
    {"list", &shape_flag, false, "all of what xpath gives, a list", FILLS(struct view_column, list)},
    {"path", &shape_flag, false, "paths, which a terminal that is too narrow may break behind a slash or dot",
     FILLS(struct view_column, path)},
    {"optional", &shape_flag, false, "one of the last columns, which is left out where no row has anything in it",
     FILLS(struct view_column, optional)},
    {0},
};
LIST_OF(column, column, view_column, "a list of columns")

static const char *const value_types[] = {"text", "number", NULL};
static const struct shape shape_value_type = {.accepts = ACCEPT_TEXT, .choices = value_types};
static const struct key filter_keys[] = {
    {"option", &shape_option, true, "the option, without --", FILLS(struct view_filter, option)},
    {"argument", &shape_text, false, "what stands behind it, in capitals; without it the option is a switch",
     FILLS(struct view_filter, argument)},
    {"type", &shape_value_type, false, "of the argument: any other is refused", FILLS(struct view_filter, type)},
    {"values", &shape_texts, false, "the only arguments that it takes", FILLS(struct view_filter, values)},
    {"from", &shape_text, false,
     "where rules have its arguments from, and others are refused: keys RULE.TABLE, values RULE.TABLE, or "
     "ELEMENT/@ATTRIBUTE, as they write it into the document",
     FILLS(struct view_filter, from)},
    {"help", &shape_text, false, "what rows it leaves", FILLS(struct view_filter, help)},
    {"where", &shape_xpath, false, "what holds of these rows; $value is the argument",
     FILLS(struct view_filter, where)},
    {"parameter", &shape_name, false,
     "in place of where: the option is -D NAME=ARGUMENT of this name; that of a switch is yes",
     FILLS(struct view_filter, parameter)},
    {"group", &shape_text, false, "of options of one group a row needs to pass any", FILLS(struct view_filter, group)},
    {0},
};
static void check_filter(struct checker *checker, const struct place *place)
{
    const struct yaml_node *where = yaml_get(place->node, "where"), *parameter = yaml_get(place->node, "parameter");

    if (!where == !parameter)
        problem(checker, DIAG_BAD_VIEW, place->node->at, "where: XPATH, or parameter: NAME",
                "a filter says which rows it leaves, or which parameter it is");
}

static const struct shape shape_filter = {
    .accepts = ACCEPT_MAPPING,
    .keys = filter_keys,
    .size = sizeof(struct view_filter),
    .check = check_filter,
    .rest = "\"oneOf\": [{\"required\": [\"where\"]}, {\"required\": [\"parameter\"]}]"};
static const struct shape shape_filters = {
    .accepts = ACCEPT_LIST, .items = &shape_filter, .words = "a list of filters"};

static const struct key argument_keys[] = {
    {"name", &shape_text, true, "what it is, in capitals", FILLS(struct view_argument, name)},
    {"help", &shape_text, false, "what it is for", FILLS(struct view_argument, help)},
    {"where", &shape_xpath, false, "what holds of the rows that it leaves; $value is the word",
     FILLS(struct view_argument, where)},
    {"rules", &shape_flag, false, "it is the id of a rule, and only such rules are asked",
     FILLS(struct view_argument, rules)},
    {"repeat", &shape_flag, false, "there may be several", FILLS(struct view_argument, repeat)},
    {0},
};
LIST_OF(argument, argument, view_argument, "a list of arguments")

/* What has to match as a whole. */
static void check_whole_match(struct checker *checker, const struct place *place)
{
    const char *error = NULL;
    size_t offset = 0;

    if (!regex_compile(checker->diagnostics->arena, place->node->value, 0, &error, &offset))
        problem(checker, DIAG_BAD_VIEW, place->node->at, NULL, "%s", error);
}

static const struct shape shape_whole_match = {
    .accepts = ACCEPT_TEXT, .text = "regular expression", .check = check_whole_match};
static const struct key parameter_keys[] = {
    {"name", &shape_name, true, "what stands behind -D", FILLS(struct view_parameter, name)},
    {"help", &shape_text, true, "what it takes: '-D NAME= takes HELP'", FILLS(struct view_parameter, help)},
    {"values", &shape_texts, false, "words that it takes", FILLS(struct view_parameter, values)},
    {"match", &shape_whole_match, false, "what else it takes: a regular expression for all of it",
     FILLS(struct view_parameter, match)},
    {"document", &shape_name, false, "with xpath: a document that has what it takes here",
     FILLS(struct view_parameter, document)},
    {"xpath", &shape_xpath, false, "what it takes here: the texts of these nodes of the document",
     FILLS(struct view_parameter, xpath)},
    {0},
};
LIST_OF(parameter, parameter, view_parameter, "a list of parameters")

static const struct shape shape_with_column = {.accepts = ACCEPT_TEXT,
                                               .text = "XPath",
                                               .check = check_xpath,
                                               .size = sizeof(struct view_column),
                                               .take = take_with};
static const struct shape shape_with = {.accepts = ACCEPT_MAPPING,
                                        .others = &shape_with_column,
                                        .check_key = check_with_name,
                                        .keys_pattern = NAME_PATTERN};
static const struct shape shape_template_line = {.accepts = ACCEPT_TEXT, .text = "template"};
static const struct shape shape_lines = {.accepts = ACCEPT_TEXT | ACCEPT_LIST,
                                         .words = "template or list of templates",
                                         .items = &shape_template_line,
                                         .size = sizeof(const struct yaml_node *),
                                         .take = take_node};
static const struct key form_keys[] = {
    {"help", &shape_text, false, "what reads it", FILLS(struct draft_form, help)},
    {"with", &shape_with, false, "column: XPath; more columns for the templates", FILLS(struct draft_form, with)},
    {"head", &shape_lines, false, "lines before the rows", FILLS(struct draft_form, head)},
    {"lines", &shape_lines, true, "lines of each row; one with an unset name is left out",
     FILLS(struct draft_form, lines)},
    {0},
};
static const struct shape shape_form = {
    .accepts = ACCEPT_MAPPING, .keys = form_keys, .size = sizeof(struct draft_form), .take = take_form};
static const struct shape shape_forms = {.accepts = ACCEPT_MAPPING, .others = &shape_form};

static const struct key reason_keys[] = {
    {"document", &shape_name, true, "a document", FILLS(struct view, reason_document)},
    {"xpath", &shape_xpath, true, "the sentence in it", FILLS(struct view, reason_xpath)},
    {0},
};
static const struct shape shape_reason = {.accepts = ACCEPT_MAPPING, .keys = reason_keys};
static const struct key across_keys[] = {
    {"names", &shape_xpath, true, "a number column for each of these nodes of the document, called as its text",
     FILLS(struct view, across_names)},
    {"xpath", &shape_xpath, true, "its text, from the row; $name is the column's name",
     FILLS(struct view, across_xpath)},
    {0},
};
static const struct shape shape_across = {.accepts = ACCEPT_MAPPING, .keys = across_keys};
static const struct key instead_keys[] = {
    {"option", &shape_option, true, "the option, without --", FILLS(struct view, instead)},
    {"help", &shape_text, false, "what it shows", FILLS(struct view, instead_help)},
    {"view", &shape_name, true, "the other view", FILLS(struct view, instead_view)},
    {0},
};
static const struct shape shape_instead = {.accepts = ACCEPT_MAPPING, .keys = instead_keys};
static const struct key notes_keys[] = {
    {"document", &shape_name, true, "a document", FILLS(struct view, notes_document)},
    {"xpath", &shape_xpath, true, "the sentences in it", FILLS(struct view, notes_xpath)},
    {0},
};
static const struct shape shape_notes = {.accepts = ACCEPT_MAPPING, .keys = notes_keys};
#define COLLECT(member) FILLS(struct view_collect, member)
static const struct key collect_keys[] = {
    {"option", &shape_option, true, "the option that asks for it, without --", COLLECT(option)},
    {"help", &shape_text, false, "what it gives", COLLECT(help)},
    {"document", &shape_name, true, "a document whose rows tell of what", COLLECT(document)},
    {"rows", &shape_xpath, true, "these rows; the attributes of each are parameters, NAME=VALUE", COLLECT(rows)},
    {"into", &shape_name, true, "the document that all of them are put into", COLLECT(into)},
    {0},
};
static const struct shape shape_collect = {.accepts = ACCEPT_MAPPING, .keys = collect_keys};
static const struct shape shape_table = {.accepts = ACCEPT_MAPPING, .others = &shape_text};
static const struct shape shape_tables = {.accepts = ACCEPT_MAPPING, .others = &shape_table};

#define VIEW(member) FILLS(struct draft_view, member)
static const struct key view_keys[] = {
    {"view", &shape_view_name, true, "its name; the file is called NAME.yaml", VIEW(view.name)},
    {"document", &shape_name, true, "what it shows: schemas/NAME.rng", VIEW(view.document)},
    {"help", &shape_text, false, "what it tells, in one line", VIEW(view.help)},
    {"summary", &shape_text, false, "the old name of help", VIEW(view.help)},
    {"command", &shape_option, false, "the command that prints it; without one, 'hvprobe show NAME' does",
     VIEW(view.command)},
    {"arguments", &shape_arguments, false, "words behind the command", VIEW(arguments)},
    {"filters", &shape_filters, false, "options of the command, which leave rows out", VIEW(filters)},
    {"fails", &shape_xpath, false, "where it holds of the document, the answer is no: status 1", VIEW(view.fails)},
    {"reason", &shape_reason, false, "then this is said, and nothing else is printed", VIEW(view)},
    {"empty", &shape_text, false, "what is said on standard error where there is no row, and no option left any out",
     VIEW(view.empty)},
    {"notes", &shape_notes, false, "what is said beside what is printed, on standard error", VIEW(view)},
    {"parameters", &shape_parameters, false, "what -D takes here: other values are refused; names of rules beside them",
     VIEW(parameters)},
    {"collect", &shape_collect, false, "an option that gives many documents in one", VIEW(collect)},
    {"rows", &shape_xpath, false, "the rows of the table; without them the document itself is printed",
     VIEW(view.rows)},
    {"columns", &shape_columns, false, "the columns of the table", VIEW(columns)},
    {"across", &shape_across, false, "more columns, as many as the document says", VIEW(view)},
    {"instead", &shape_instead, false, "an option that shows another view, which takes the same arguments", VIEW(view)},
    {"format", &shape_name, false, "what is printed unless --format says otherwise; table, or xml without rows",
     VIEW(view.format)},
    {"compat", &shape_flag, false,
     "without rows: --compat NAME writes the document as readers of that generation know it", VIEW(view.compat)},
    {"colours", &shape_text, false, "TEXT=COLOUR ...: cells with that text, on a terminal", VIEW(view.colours)},
    {"tables", &shape_tables, false, "look-ups for the filter map: NAME: {text: text}"},
    {"head", &shape_lines, false, "of the format lines: lines before the rows", VIEW(plain.head)},
    {"lines", &shape_lines, false, "of the format lines: templates of each row, in place of cells between tabs",
     VIEW(plain.lines)},
    {"formats", &shape_forms, false, "more text forms, by the word behind --format", VIEW(forms)},
    {0},
};

static void check_view(struct checker *checker, const struct place *place)
{
    const bool rows = yaml_get(place->node, "rows") != NULL, columns = yaml_get(place->node, "columns") != NULL;

    if (rows != columns)
        problem(checker, DIAG_BAD_VIEW, place->node->at, NULL, "a view lacks '%s' beside '%s'",
                rows ? "columns" : "rows", rows ? "rows" : "columns");
    if (yaml_get(place->node, "reason") && !yaml_get(place->node, "fails"))
        problem(checker, DIAG_BAD_VIEW, yaml_get(place->node, "reason")->at, "say when: fails: XPATH",
                "'reason' goes with 'fails'");
}

static const struct shape shape_view = {
    .accepts = ACCEPT_MAPPING,
    .keys = view_keys,
    .check = check_view,
    .rest = "\"dependentRequired\": {\"rows\": [\"columns\"], \"columns\": [\"rows\"], \"reason\": [\"fails\"]}"};

static const struct key_group view_key_groups[] = {
    {"Keys of a view file", view_keys},     {"Keys of a column", column_keys},       {"Keys of a filter", filter_keys},
    {"Keys of an argument", argument_keys}, {"Keys of a parameter", parameter_keys}, {"Keys of a text form", form_keys},
    {"Keys of reason", reason_keys},        {"Keys of notes", notes_keys},           {"Keys of collect", collect_keys},
    {"Keys of across", across_keys},        {"Keys of instead", instead_keys},       {NULL, NULL},
};

void view_json_schema(struct buf *out)
{
    static const struct schema_head head = {
        .title = "hvprobe view",
        .description = "A table over a document, its text forms and the command that prints it.",
    };
    keys_json_schema(out, &shape_view, &head);
}

void view_reference(struct buf *out)
{
    keys_reference(out, view_key_groups);
}

/* ---- from what is written to a view ---- */

static void *flat(struct arena *arena, const struct vec *objects, size_t size, size_t *ret_count)
{
    char *array = arena_alloc(arena, (objects->count + 1) * size);

    for (size_t i = 0; i < objects->count; i++)
        memcpy(array + i * size, objects->items[i], size);
    *ret_count = objects->count;
    return array;
}

/* What ${...} in a line of the form may name. */
static struct vec template_names(struct arena *arena, const struct view *view, const struct draft_form *form)
{
    struct vec names = {0};

    vec_push(arena, &names, "count");
    vec_push(arena, &names, "number");
    for (size_t i = 0; i < view->column_count; i++)
        vec_push(arena, &names, text_lower(arena, view->columns[i].name));
    for (size_t i = 0; i < form->with.count; i++)
        vec_push(arena, &names, text_lower(arena, ((const struct view_column *)form->with.items[i])->name));
    return names;
}

static struct template **link_lines(struct row_templates *site, const struct yaml_node *node, const struct vec *names,
                                    size_t *ret_count)
{
    const size_t count = !node ? 0 : node->kind == YAML_NODE_SCALAR ? 1 : node->count;
    struct template **lines = arena_alloc(site->arena, (count + 1) * sizeof(*lines));

    for (size_t i = 0; i < count; i++)
        lines[i] = row_template(site, node->kind == YAML_NODE_SCALAR ? node : node->items[i], names);
    *ret_count = count;
    return lines;
}

static void link_form(struct row_templates *site, struct view *view, const struct draft_form *draft)
{
    struct view_form *form = &view->forms[view->form_count++];
    struct vec names = template_names(site->arena, view, draft);
    struct vec head = {names.items, 1, names.capacity}; /* no row is current there: count alone */

    *form = (struct view_form){.name = draft->name, .help = draft->help, .with = draft->with};
    form->head = link_lines(site, draft->head, &head, &form->head_count);
    form->lines = link_lines(site, draft->lines, &names, &form->line_count);
}

static void link_forms(struct arena *arena, struct draft_view *draft, const struct yaml_node *tree,
                       struct diagnostics *diagnostics)
{
    struct row_templates *site = arena_new_object(arena, struct row_templates);

    draft->view.forms = arena_alloc(arena, (draft->forms.count + 1) * sizeof(struct view_form));
    if (!draft->plain.lines && draft->forms.count == 0)
        return;
    row_templates_init(site, arena, &hvprobe_vocabulary, tree, diagnostics);
    draft->plain.name = "lines";
    if (draft->plain.lines)
        link_form(site, &draft->view, &draft->plain);
    for (size_t i = 0; i < draft->forms.count; i++)
        link_form(site, &draft->view, draft->forms.items[i]);
}

struct view *view_read(struct arena *arena, const struct yaml_node *tree, bool thorough,
                       struct diagnostics *diagnostics)
{
    struct draft_view *draft = arena_new_object(arena, struct draft_view);
    struct view *view = &draft->view;
    const size_t errors = diagnostics->errors;
    struct checker checker = {
        .diagnostics = diagnostics,
        .error_limit = errors + ERROR_LIMIT,
        .whole = "a view",
        .quote = "'",
        .only = DIAG_BAD_VIEW,
        .context = &thorough,
    };

    if (!keys_read(&checker, &shape_view, tree, draft))
        return NULL;
    view->columns = flat(arena, &draft->columns, sizeof(struct view_column), &view->column_count);
    view->filters = flat(arena, &draft->filters, sizeof(struct view_filter), &view->filter_count);
    view->arguments = flat(arena, &draft->arguments, sizeof(struct view_argument), &view->argument_count);
    view->parameters = flat(arena, &draft->parameters, sizeof(struct view_parameter), &view->parameter_count);
    view->format = view->format ? view->format : view->rows ? "table" : "xml";
    view->path = tree->at.source->path;
    view->collect = draft->collect.option ? &draft->collect : NULL;
    link_forms(arena, draft, tree, diagnostics);
    return diagnostics->errors == errors ? view : NULL;
}

const struct view_form *view_form(const struct view *view, const char *name)
{
    for (size_t i = 0; i < view->form_count; i++)
        if (text_equal(view->forms[i].name, name))
            return &view->forms[i];
    return NULL;
}
