/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of the rule language in Markdown, from the same tables as the loader. */
#include "rules/reference.h"
#include "base/text.h"
#include "rules/grammar.h"
#include "rules/merge.h"

static const char *const field_words[] = {
    [FIELD_TEMPLATE] = "template",
    [FIELD_TEMPLATES] = "list of templates",
    [FIELD_TEXT] = "text",
    [FIELD_NAMES] = "list of names",
    [FIELD_REGEX] = "regular expression",
    [FIELD_FLAG] = "yes or no",
    [FIELD_NUMBER] = "number",
    [FIELD_ROWS] = "list of mappings of templates",
    [FIELD_FACTS] = "fact or list of facts",
    [FIELD_PATH_TABLE] = "path table",
    [FIELD_OFFSETS] = "mapping of whole numbers",
    [FIELD_MAPPING] = "mapping",
};

static const char *const argument_words[] = {[FILTER_NO_ARGUMENT] = "",
                                             [FILTER_TEXT] = ":TEXT",
                                             [FILTER_NUMBER] = ":N",
                                             [FILTER_TABLE] = ":TABLE",
                                             [FILTER_NAME] = ":NAME"};

static void add_head(struct buf *out, const char *title, const char *first, const char *second, const char *third)
{
    buf_printf(out, "\n### %s\n\n| %s | %s | %s |\n|---|---|---|\n", title, first, second, third);
}

static void add_field(struct buf *out, const struct field *field, const char *below)
{
    buf_printf(out, "| `%s%s`%s | %s", below, field->key, field->flags & FIELD_REQUIRED ? " (required)" : "",
               field_words[field->type]);
    for (const char *const *choice = field->choices; choice != NULL && *choice != NULL; choice++)
        buf_printf(out, "%s`%s`", choice == field->choices ? ": " : " ", *choice);
    buf_add(out, " | ");
    add_cell(out, field->help);
    buf_add(out, " |\n");
    for (const struct field *sub = field->sub; sub != NULL && sub->key != NULL; sub++)
        add_field(out, sub, "\xe2\x86\xb3 ");
}

/* Those that come from names in the rule. Gives what goes before the next. */
static const char *add_named_columns(struct buf *out, const struct field *fields, const char *comma)
{
    for (const struct field *field = fields; field->key != NULL; field++) {
        if (field->sub != NULL)
            comma = add_named_columns(out, field->sub, comma);
        if ((field->flags & FIELD_COLUMNS) == 0)
            continue;
        buf_printf(out, "%s%s `%s`", comma, field->type == FIELD_REGEX ? "the named groups of" : "the names in",
                   field->key);
        comma = ", ";
    }
    return comma;
}

/* Columns that are the same for every use; others come from names in the rule or from what is found. */
static void add_columns(struct buf *out, const struct field *fields, const char *const *columns, bool open)
{
    const char *comma = "";

    buf_add(out, "\nColumns: ");
    for (; columns != NULL && *columns != NULL; columns++, comma = ", ")
        buf_printf(out, "%s`%s`", comma, *columns);
    comma = add_named_columns(out, fields, comma);
    if (open) {
        buf_printf(out, "%swhat is found there", comma);
        comma = ", ";
    }
    buf_add(out, *comma != '\0' ? ".\n" : "none of its own.\n");
}

static void add_kind(struct buf *out, const char *name, const char *help, const struct field *fields)
{
    buf_printf(out, "\n#### `%s`\n\n%s\n\n| key | value | meaning |\n|---|---|---|\n", name, help);
    for (const struct field *field = fields; field->key != NULL; field++)
        add_field(out, field, "");
}

static void add_sources(struct buf *out, const struct vocabulary *vocabulary)
{
    buf_add(out, "\n### Sources\n\nA fact has exactly one.\n");
    for (const struct source_kind *const *source = vocabulary->sources; *source != NULL; source++) {
        add_kind(out, (*source)->name, (*source)->help, (*source)->fields);
        add_columns(out, (*source)->fields, (*source)->columns, ((*source)->flags & SOURCE_OPEN_COLUMNS) != 0);
        buf_add(out, (*source)->flags & SOURCE_EXTRACT ? "An extract may follow.\n" : "No extract may follow.\n");
    }
}

static void add_extracts(struct buf *out, const struct vocabulary *vocabulary)
{
    buf_add(out, "\n### Extracts\n\nA fact has at most one. The columns of its source's row stay.\n");
    for (const struct extract_kind *const *extract = vocabulary->extracts; *extract != NULL; extract++) {
        add_kind(out, (*extract)->name, (*extract)->help, (*extract)->fields);
        add_columns(out, (*extract)->fields, (*extract)->columns, ((*extract)->flags & SOURCE_OPEN_COLUMNS) != 0);
    }
}

static void add_filters(struct buf *out, const struct vocabulary *vocabulary)
{
    buf_add(out, "\n### Filters\n\n| filter | gives |\n|---|---|\n");
    for (const struct filter_kind *filter = vocabulary->filters; filter->name != NULL; filter++) {
        buf_printf(out, "| `%s%s` | ", filter->name, argument_words[filter->argument]);
        add_cell(out, filter->help);
        buf_add(out, " |\n");
    }
    buf_add(out, "\n### Built-in names\n\n| name | is |\n|---|---|\n");
    for (const struct builtin_kind *builtin = vocabulary->builtins; builtin->name != NULL; builtin++) {
        buf_printf(out, "| `${%s%s}` | ", builtin->name, text_ends(builtin->name, ".") ? "NAME" : "");
        add_cell(out, builtin->help);
        buf_add(out, " |\n");
    }
}

static void add_sections(struct buf *out)
{
    add_head(out, "How a layer changes a rule", "section", "what the overlay's does", "drop");
    for (const struct section *section = merge_sections; section->name != NULL; section++) {
        buf_printf(out, "| `%s` | ", section->name);
        add_cell(out, section->help);
        buf_printf(out, " | %s |\n", section->form != NULL ? section->form : "cannot be dropped");
    }
}

static void add_messages(struct buf *out)
{
    add_head(out, "Messages", "id", "name", "says");
    for (int id = 0; id < DIAG_MAX; id++) {
        const struct diagnostic_kind *kind = diagnostic_kind(id);
        buf_printf(out, "| %s %s | `%s` | ", kind->id, severity_names[kind->severity], kind->name);
        add_cell(out, kind->summary);
        buf_add(out, " |\n");
    }
}

void rules_reference(struct buf *out, const struct vocabulary *vocabulary)
{
    buf_add(out, "## Tables\n\nThis part is written by `hvprobe rules --reference`, from the tables that the loader "
                 "itself uses.\n");
    keys_reference(out, rule_key_groups);
    add_sources(out, vocabulary);
    add_extracts(out, vocabulary);
    add_filters(out, vocabulary);
    add_sections(out);
    add_messages(out);
}
