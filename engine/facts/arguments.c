/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of sources and extracts: fields of a rule, their templates expanded. */
#include "facts/internal.h"

#include <string.h>

struct argument_expansion {
    struct run *run;
    const struct scope *scope;
    const char **ret_reason; /* NULL: nobody asks */
};

typedef enum text_status argument_reader(struct argument_expansion *expansion, const struct field *field,
                                         const struct field_value *value, struct argument *argument);

static enum text_status read_fields(struct argument_expansion *expansion, const struct field *fields,
                                    const struct field_value *values, const struct argument **ret_arguments);

static enum text_status read_template(struct argument_expansion *expansion, const struct field *field,
                                      const struct field_value *value, struct argument *argument)
{
    (void)field;
    return template_expand(expansion->run, expansion->scope, value->templates[0], &argument->text,
                           expansion->ret_reason);
}

static enum text_status read_templates(struct argument_expansion *expansion, const struct field *field,
                                       const struct field_value *value, struct argument *argument)
{
    (void)field;
    argument->texts = arena_alloc(expansion->run->arena, (value->count + 1) * sizeof(*argument->texts));
    for (size_t i = 0; i < value->count; i++) {
        const enum text_status status = template_expand(expansion->run, expansion->scope, value->templates[i],
                                                        &argument->texts[i], expansion->ret_reason);
        if (status != TEXT_SET)
            return status;
    }
    argument->count = value->count;
    return TEXT_SET;
}

/* What is fixed at load: only one of these is there. */
static enum text_status read_fixed(struct argument_expansion *expansion, const struct field *field,
                                   const struct field_value *value, struct argument *argument)
{
    (void)expansion;
    (void)field;
    argument->text = value->text;
    argument->texts = value->names;
    argument->numbers = value->numbers;
    argument->count = value->count;
    argument->regex = value->regex;
    argument->flag = value->flag;
    argument->number = value->number;
    return TEXT_SET;
}

/* A column that is unset or unknown here is left out of its row; *unknown is why the latter is. */
static struct column *read_row(struct argument_expansion *expansion, const struct named_template *columns,
                               const char **unknown)
{
    size_t count = 0;

    while (columns[count].name != NULL)
        count++;
    struct column *row = arena_alloc(expansion->run->arena, (count + 1) * sizeof(*row));
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text;
        const enum text_status status =
            template_expand(expansion->run, expansion->scope, columns[i].value, &text, NULL);
        if (status == TEXT_SET)
            row[used++] = (struct column){columns[i].name, text};
        if (status == TEXT_UNKNOWN && *unknown == NULL)
            template_expand(expansion->run, expansion->scope, columns[i].value, &text, unknown);
    }
    return row;
}

static enum text_status read_rows(struct argument_expansion *expansion, const struct field *field,
                                  const struct field_value *value, struct argument *argument)
{
    (void)field;
    argument->rows = arena_alloc(expansion->run->arena, (value->count + 1) * sizeof(*argument->rows));
    argument->count = value->count;
    for (size_t i = 0; i < value->count; i++)
        argument->rows[i] = read_row(expansion, value->rows[i], &argument->unknown);
    return TEXT_SET;
}

static enum text_status read_path_table(struct argument_expansion *expansion, const struct field *field,
                                        const struct field_value *value, struct argument *argument)
{
    struct candidate *candidates;
    const char *unknown = NULL;

    (void)field;
    argument->count = choice_expand(expansion->run, expansion->scope, value->table, &candidates, &unknown);
    if (argument->count == 0 && unknown != NULL) {
        if (expansion->ret_reason != NULL)
            *expansion->ret_reason = unknown;
        return TEXT_UNKNOWN;
    }
    argument->unknown = unknown;
    argument->text = value->table->name;
    argument->texts = arena_alloc(expansion->run->arena, (argument->count + 1) * sizeof(*argument->texts));
    for (size_t i = 0; i < argument->count; i++)
        argument->texts[i] = candidates[i].text;
    return TEXT_SET;
}

static enum text_status read_mapping(struct argument_expansion *expansion, const struct field *field,
                                     const struct field_value *value, struct argument *argument)
{
    return read_fields(expansion, field->sub, value->sub, &argument->sub);
}

static argument_reader *const readers[] = {
    [FIELD_TEMPLATE] = read_template,     [FIELD_TEMPLATES] = read_templates, [FIELD_TEXT] = read_fixed,
    [FIELD_NAMES] = read_fixed,           [FIELD_REGEX] = read_fixed,         [FIELD_FLAG] = read_fixed,
    [FIELD_NUMBER] = read_fixed,          [FIELD_ROWS] = read_rows,           [FIELD_FACTS] = read_fixed,
    [FIELD_PATH_TABLE] = read_path_table, [FIELD_OFFSETS] = read_fixed,       [FIELD_MAPPING] = read_mapping,
};

static enum text_status read_fields(struct argument_expansion *expansion, const struct field *fields,
                                    const struct field_value *values, const struct argument **ret_arguments)
{
    size_t count = 0;

    while (fields[count].key != NULL)
        count++;
    struct argument *arguments = (struct argument *)*ret_arguments;
    if (arguments == NULL)
        *ret_arguments = arguments = arena_alloc(expansion->run->arena, count * sizeof(*arguments));
    else
        memset(arguments, 0, count * sizeof(*arguments));
    for (size_t i = 0; values != NULL && i < count; i++) {
        arguments[i].given = values[i].given;
        arguments[i].at = values[i].at;
        if (!values[i].given)
            continue;
        const enum text_status status = readers[fields[i].type](expansion, &fields[i], &values[i], &arguments[i]);
        if (status != TEXT_SET)
            return status;
    }
    return TEXT_SET;
}

enum text_status arguments_expand(struct run *run, const struct scope *scope, const struct field *fields,
                                  const struct field_value *values, const struct argument **ret_arguments,
                                  const char **ret_reason)
{
    struct argument_expansion expansion = {run, scope, ret_reason};

    return read_fields(&expansion, fields, values, ret_arguments);
}
