/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a template may become on any host: the values of its columns, followed to their sources. */
#include "base/text.h"
#include "cli/script.h"

#include <stdio.h>
#include <string.h>

enum { VALUES_LIMIT = 512, NAME_LIMIT = 256 };

/* What makes a text more than itself. */
#define SPECIAL "*?[" SCRIPT_UNAME SCRIPT_CONTENT SCRIPT_LINK SCRIPT_WORD
#define CHAINED SCRIPT_CONTENT SCRIPT_LINK SCRIPT_WORD

static const char any_text[] = "*";

/* A template's surroundings: whose rows have its columns, of those that 'with' adds the first so many, and a name that
 * stands for one of its values, as it occurs more than once. */
struct setting {
    const struct fact *fact;
    size_t with_count;
    const struct part *bound;
    const struct value *value;
};

static struct script_values column_values(struct valuation *valuation, const struct fact *fact, const char *column,
                                          size_t with_count);
static struct script_values template_values(struct valuation *valuation, const struct setting *setting,
                                            const struct template *template);

static void add(struct valuation *valuation, struct script_values *values, enum value_origin origin, const char *text)
{
    const char *key = arena_printf(valuation->arena, "%d%s", (int)origin, text);

    if (map_get(&values->set, key))
        return;
    struct value *value = arena_new_object(valuation->arena, struct value);
    *value = (struct value){origin, arena_strdup(valuation->arena, text)};
    map_put(valuation->arena, &values->set, key, value);
}

static const struct value *at(const struct script_values *values, size_t index)
{
    return values->set.entries[index].value;
}

static void add_all(struct valuation *valuation, struct script_values *values, const struct script_values *more)
{
    for (size_t i = 0; i < more->set.count; i++)
        add(valuation, values, at(more, i)->origin, at(more, i)->text);
}

static struct script_values anything(struct valuation *valuation)
{
    struct script_values values = {0};

    add(valuation, &values, VALUE_TEXT, any_text);
    return values;
}

static bool is_literal(const struct value *value)
{
    return value->origin == VALUE_TEXT && !value->text[strcspn(value->text, SPECIAL)];
}

/* Characters of a text that a pattern takes for others; the shell has no way to say them that all shells know. */
static const char *as_pattern(struct valuation *valuation, const char *text)
{
    char *pattern = arena_strdup(valuation->arena, text);

    for (char *special = pattern; (special = strpbrk(special, "*[\\")); special++)
        *special = '?';
    return pattern;
}

/* ---- filters ---- */

static void map_value(struct valuation *valuation, const struct lookup *table, const struct value *value,
                      struct script_values *out)
{
    const char *found = is_literal(value) ? map_get(&table->entries, value->text) : NULL;

    if (found)
        add(valuation, out, VALUE_TEXT, as_pattern(valuation, found));
    for (size_t i = 0; !is_literal(value) && i < table->entries.count; i++)
        add(valuation, out, VALUE_TEXT, as_pattern(valuation, table->entries.entries[i].value));
}

static void base_or_directory(struct valuation *valuation, bool base, const struct value *value,
                              struct script_values *out)
{
    const char *slash = value->origin == VALUE_TEXT ? strrchr(value->text, '/') : NULL;

    if (!slash && base)
        add(valuation, out, VALUE_TEXT, any_text);
    else if (!slash)
        add(valuation, out, value->origin == VALUE_TEXT ? VALUE_PART : value->origin, value->text);
    else if (base)
        add(valuation, out, VALUE_TEXT, slash[1] ? slash + 1 : any_text);
    else
        add(valuation, out, VALUE_TEXT, arena_strndup(valuation->arena, value->text, (size_t)(slash - value->text)));
}

/* Of those that change paths what they give; of the others anything may come. */
static struct script_values filtered(struct valuation *valuation, const struct filter_use *use,
                                     const struct script_values *values)
{
    const enum filter_effect effect = use->kind->effect;
    struct script_values out = {0};

    for (size_t i = 0; i < values->set.count; i++) {
        if (use->table)
            map_value(valuation, use->table, at(values, i), &out);
        else if (effect == FILTER_MAKES)
            return anything(valuation);
        else if (effect == FILTER_KEEPS)
            add(valuation, &out, at(values, i)->origin, at(values, i)->text);
        else
            base_or_directory(valuation, effect == FILTER_BASE, at(values, i), &out);
    }
    if (effect == FILTER_KEEPS && use->argument)
        add(valuation, &out, VALUE_TEXT, as_pattern(valuation, use->argument));
    return out;
}

/* ---- columns ---- */

static bool has_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(names[i], name))
            return true;
    return false;
}

static bool field_has(const struct field *field, const struct field_value *value, const char *column)
{
    if (!value->given)
        return false;
    for (size_t i = 0; field->sub && i < value->sub_count; i++)
        if (field_has(&field->sub[i], &value->sub[i], column))
            return true;
    if (!(field->flags & FIELD_COLUMNS))
        return false;
    if (!value->regex)
        return has_name(value->names, value->names ? value->count : 0, column);
    for (size_t i = 0; i < regex_group_count(value->regex); i++)
        if (text_equal(regex_group_name(value->regex, i), column))
            return true;
    return false;
}

static bool fields_have(const struct field *fields, const struct field_value *values, const char *column)
{
    for (size_t i = 0; fields[i].key; i++)
        if (field_has(&fields[i], &values[i], column))
            return true;
    return false;
}

static bool fixed_has(const char *const *columns, const char *column)
{
    size_t count = 0;

    while (columns && columns[count])
        count++;
    return has_name(columns, count, column);
}

static void add_paths(struct valuation *valuation, struct script_values *values, enum value_origin origin,
                      const struct fact *fact, const char *suffix)
{
    const struct vec paths = script_paths(valuation, fact);

    for (size_t i = 0; i < paths.count; i++)
        add(valuation, values, origin, arena_printf(valuation->arena, "%s%s", (const char *)paths.items[i], suffix));
}

/* A named group of digits: in the file it is a word, so that not all names need to be tried. */
static bool is_number(const struct fact *fact, const char *column)
{
    const struct regex *regex = fact->extract_values[0].regex;
    char group[NAME_LIMIT];

    if (!regex || snprintf(group, sizeof(group), "(?<%s>", column) >= (int)sizeof(group))
        return false;
    const char *found = strstr(regex_pattern(regex), group);
    return found && found[strlen(group) + strspn(found + strlen(group), "0123456789[]-\\d+*?")] == ')';
}

static struct script_values extract_column(struct valuation *valuation, const struct fact *fact, const char *column)
{
    const unsigned flags = fact->source->flags;
    struct script_values values = {0};

    if (!(flags & SOURCE_NEEDS_PATH))
        return fact->source_values[0].templates
                   ? template_values(valuation, &(struct setting){fact->loop, SIZE_MAX, NULL, NULL},
                                     fact->source_values[0].templates[0])
                   : anything(valuation);
    add_paths(valuation, &values,
              is_number(fact, column)  ? VALUE_NUMBER
              : flags & SOURCE_CONTENT ? VALUE_CONTENT
              : flags & SOURCE_TARGET  ? VALUE_LINK
                                       : VALUE_PART,
              fact, "");
    return values;
}

static struct script_values parts_of(struct valuation *valuation, const struct script_values *values)
{
    struct script_values parts = {0};

    for (size_t i = 0; i < values->set.count; i++) {
        const struct value *value = at(values, i);
        add(valuation, &parts, value->origin == VALUE_TEXT ? VALUE_PART : value->origin, value->text);
    }
    return parts;
}

static struct script_values row_values(struct valuation *valuation, const struct fact *fact, const char *column)
{
    const struct field_value *rows = &fact->source_values[0];
    struct script_values values = {0};

    for (size_t i = 0; i < rows->count; i++)
        for (const struct named_template *cell = rows->rows[i]; cell->name; cell++)
            if (text_equal(cell->name, column)) {
                const struct script_values some =
                    template_values(valuation, &(struct setting){fact->loop, SIZE_MAX, NULL, NULL}, cell->value);
                add_all(valuation, &values, &some);
            }
    return values;
}

/* A column of the source itself. */
static struct script_values source_column(struct valuation *valuation, const struct fact *fact, const char *column)
{
    const struct source_kind *source = fact->source;
    struct script_values values = {0};

    if (source->fields[0].type == FIELD_ROWS)
        return row_values(valuation, fact, column);
    for (size_t i = 0; source->flags & SOURCE_FROM_ROWS && i < fact->source_values[0].count; i++) {
        const struct script_values some = column_values(valuation, fact->source_values[0].facts[i], column, SIZE_MAX);
        add_all(valuation, &values, &some);
    }
    if (source->flags & SOURCE_TARGET && text_equal(column, "text"))
        add_paths(valuation, &values, VALUE_LINK, fact, "");
    else if (source->flags & SOURCE_NEEDS_PATH && text_equal(column, "path"))
        add_paths(valuation, &values, VALUE_TEXT, fact, "");
    else if (source->flags & SOURCE_NEEDS_PATH && fields_have(source->fields, fact->source_values, column))
        add_paths(valuation, &values, VALUE_CONTENT, fact, arena_printf(valuation->arena, "/%s", column));
    else if (source->flags & SOURCE_UNAME)
        add(valuation, &values, VALUE_TEXT, arena_printf(valuation->arena, SCRIPT_UNAME "%s" SCRIPT_UNAME, column));
    else if (fixed_has(source->columns, column) || source->flags & SOURCE_OPEN_COLUMNS)
        add(valuation, &values, VALUE_TEXT, any_text);
    return values;
}

static bool extract_has(const struct fact *fact, const char *column)
{
    return fact->extract && (fixed_has(fact->extract->columns, column) ||
                             fields_have(fact->extract->fields, fact->extract_values, column));
}

/* with_count: of the columns that 'with' adds the first so many are there. */
static struct script_values find_column(struct valuation *valuation, const struct fact *fact, const char *column,
                                        size_t with_count)
{
    struct script_values values = {0};

    for (size_t i = fact->with_count < with_count ? fact->with_count : with_count; i-- > 0;)
        if (text_equal(fact->with[i].name, column))
            return template_values(valuation, &(struct setting){fact, i, NULL, NULL}, fact->with[i].value);
    if (extract_has(fact, column)) {
        values = extract_column(valuation, fact, column);
        return parts_of(valuation, &values);
    }
    values = source_column(valuation, fact, column);
    if (!values.set.count && fact->loop)
        values = column_values(valuation, fact->loop, column, SIZE_MAX);
    if (!values.set.count && fact->extract && fact->extract->flags & SOURCE_OPEN_COLUMNS)
        values = extract_column(valuation, fact, column);
    return values;
}

static struct script_values column_values(struct valuation *valuation, const struct fact *fact, const char *column,
                                          size_t with_count)
{
    const char *key = arena_printf(valuation->arena, "%zu %zu %s", fact->index, with_count, column);
    struct script_values *known = map_get(&valuation->known, key);

    if (!known) {
        known = arena_new_object(valuation->arena, struct script_values);
        *known = find_column(valuation, fact, column, with_count);
        map_put(valuation->arena, &valuation->known, key, known);
    }
    return *known;
}

/* ---- templates ---- */

static struct script_values fact_values(struct valuation *valuation, const struct part *part)
{
    struct script_values values = column_values(valuation, part->fact, part->name ? part->name : "text", SIZE_MAX);

    if (!part->name && !values.set.count)
        values = column_values(valuation, part->fact, "path", SIZE_MAX);
    return values;
}

static struct script_values named_values(struct valuation *valuation, const struct setting *setting,
                                         const struct part *part)
{
    if (part->kind == PART_FACT)
        return fact_values(valuation, part);
    if (part->kind == PART_COLUMN && setting->fact)
        return column_values(valuation, setting->fact, part->name, setting->with_count);
    return anything(valuation);
}

static bool same_name(const struct part *one, const struct part *other)
{
    return one->kind == other->kind && one->fact == other->fact && text_equal(one->name, other->name);
}

static struct script_values part_values(struct valuation *valuation, const struct setting *setting,
                                        const struct part *part)
{
    struct script_values values = {0};

    if (setting->bound && same_name(setting->bound, part))
        add(valuation, &values, setting->value->origin, setting->value->text);
    else
        values = named_values(valuation, setting, part);
    for (size_t i = 0; i < part->filter_count; i++)
        values = filtered(valuation, &part->filters[i], &values);
    return values;
}

/* A path that begins with some part of this one: itself and all above it. */
static void add_ancestors(struct valuation *valuation, struct script_values *values, const char *path)
{
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
        if (slash > path && !strpbrk(path, CHAINED))
            add(valuation, values, VALUE_TEXT, arena_strndup(valuation->arena, path, (size_t)(slash - path)));
    add(valuation, values, VALUE_TEXT, path);
}

/* Values at the beginning of a path. */
static struct script_values as_beginnings(struct valuation *valuation, const struct script_values *values)
{
    struct script_values out = {0};

    for (size_t i = 0; i < values->set.count; i++) {
        const struct value *value = at(values, i);
        if (value->origin == VALUE_TEXT)
            add(valuation, &out, VALUE_TEXT, value->text);
        else if (value->origin == VALUE_PART)
            add_ancestors(valuation, &out, value->text);
        else
            add(valuation, &out, VALUE_TEXT,
                arena_printf(valuation->arena, "%s%s", value->text,
                             value->origin == VALUE_LINK ? SCRIPT_LINK : SCRIPT_CONTENT));
    }
    return out;
}

/* Behind something else a word of a file may stand; what is not known before either is any text. */
static const char *as_ending(struct valuation *valuation, const struct value *value)
{
    if (strpbrk(value->text, CHAINED) || (value->origin != VALUE_TEXT && value->origin != VALUE_NUMBER))
        return any_text;
    if (value->origin == VALUE_TEXT)
        return value->text;
    return arena_printf(valuation->arena, SCRIPT_WORD "%s" SCRIPT_WORD, value->text);
}

static struct script_values as_endings(struct valuation *valuation, const struct script_values *values)
{
    struct script_values out = {0};

    for (size_t i = 0; i < values->set.count; i++)
        add(valuation, &out, VALUE_TEXT, as_ending(valuation, at(values, i)));
    return out;
}

/* One word of one file at most. */
static const char *join(struct valuation *valuation, const char *left, const char *right)
{
    return arena_printf(valuation->arena, "%s%s", left,
                        strstr(right, SCRIPT_WORD) && strpbrk(left, CHAINED) ? any_text : right);
}

static struct script_values joined(struct valuation *valuation, const struct script_values *left,
                                   const struct script_values *right)
{
    const bool many = left->set.count * right->set.count > VALUES_LIMIT;
    const struct script_values any = anything(valuation);
    struct script_values out = {0};

    right = many ? &any : right;
    for (size_t i = 0; i < left->set.count; i++)
        for (size_t j = 0; j < right->set.count; j++)
            add(valuation, &out, VALUE_TEXT, join(valuation, at(left, i)->text, at(right, j)->text));
    return out;
}

static struct script_values expand(struct valuation *valuation, const struct setting *setting,
                                   const struct template *template)
{
    struct script_values values = {0};

    for (size_t i = 0; i < template->count; i++) {
        const struct part *part = &template->parts[i];
        struct script_values more = {0};

        if (part->kind == PART_TEXT)
            add(valuation, &more, VALUE_TEXT, part->name);
        else
            more = part_values(valuation, setting, part);
        if (template->count == 1)
            return more;
        more = i ? as_endings(valuation, &more) : as_beginnings(valuation, &more);
        values = i ? joined(valuation, &values, &more) : more;
    }
    return values;
}

/* The first name that occurs again; NULL: none does. */
static const struct part *repeated(const struct template *template)
{
    for (size_t i = 0; i < template->count; i++)
        for (size_t j = i + 1; template->parts[i].kind != PART_TEXT && j < template->count; j++)
            if (same_name(&template->parts[i], &template->parts[j]))
                return &template->parts[i];
    return NULL;
}

/* A name that occurs twice has the same value in both places. */
static struct script_values template_values(struct valuation *valuation, const struct setting *setting,
                                            const struct template *template)
{
    const struct part *bound = repeated(template);
    struct script_values values = {0};

    if (!template->count)
        add(valuation, &values, VALUE_TEXT, template->literal ? template->literal : "");
    if (!bound)
        return template->count ? expand(valuation, setting, template) : values;
    const struct script_values each = named_values(valuation, setting, bound);
    for (size_t i = 0; i < each.set.count; i++) {
        const struct setting one = {setting->fact, setting->with_count, bound, at(&each, i)};
        const struct script_values some = expand(valuation, &one, template);
        add_all(valuation, &values, &some);
    }
    return values;
}

/* ---- paths ---- */

/* Each value as a path that can be asked for; what nobody can tell is left out. */
static struct vec as_paths(struct valuation *valuation, const struct script_values *values)
{
    const struct script_values beginnings = as_beginnings(valuation, values);
    struct vec paths = {0};

    for (size_t i = 0; i < beginnings.set.count; i++)
        if (at(&beginnings, i)->text[0] == '/')
            vec_push(valuation->arena, &paths, at(&beginnings, i)->text);
    return paths;
}

static void add_template(struct valuation *valuation, const struct fact *fact, const struct template *template,
                         struct script_values *values)
{
    const struct script_values some =
        template_values(valuation, &(struct setting){fact->loop, SIZE_MAX, NULL, NULL}, template);

    add_all(valuation, values, &some);
}

struct vec script_paths(struct valuation *valuation, const struct fact *fact)
{
    const struct field_value *main = &fact->source_values[0];
    const struct choice_table *table = main->table;
    struct script_values values = {0};

    for (size_t i = 0; table && i < table->count; i++)
        for (size_t j = 0; j < table->rows[i].count; j++)
            add_template(valuation, fact, table->rows[i].values[j], &values);
    if (!table && main->templates)
        add_template(valuation, fact, main->templates[0], &values);
    return as_paths(valuation, &values);
}
