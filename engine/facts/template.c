/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Templates: ${name|filter} by what is known here and now, and why it is not where it is not. */
#include "base/budget.h"
#include "base/text.h"
#include "facts/internal.h"

#include <string.h>

enum { TEXT_LIMIT = 64 * 1024 * 1024 };

/* Expanding one part of a template. */
struct part_expansion {
    struct run *run;
    const struct scope *scope;
    const struct part *part;
    struct filter_call call;
    const char *single;              /* storage for call.values of one */
    const char *why;                 /* unset, unknown: the fact's or built-in's own reason */
    const struct filter_use *failed; /* the filter that took the last value away */
    const char *before;              /* what it was given */
};

const char *part_label(struct arena *arena, const struct part *part)
{
    if (part->kind != PART_FACT)
        return part->name;
    return part->name == NULL ? part->fact->name : arena_printf(arena, "%s.%s", part->fact->name, part->name);
}

static enum text_status set_one(struct part_expansion *expansion, const char *value)
{
    expansion->single = value;
    expansion->call.count = value != NULL;
    return value != NULL ? TEXT_SET : TEXT_UNSET;
}

static enum text_status read_literal(struct part_expansion *expansion)
{
    return set_one(expansion, expansion->part->name);
}

static enum text_status read_column(struct part_expansion *expansion)
{
    const char *name = expansion->part->name;
    const struct scope *scope = expansion->scope;
    const char *value = NULL;

    for (; scope != NULL && value == NULL; scope = scope->outer) {
        value = scope->row != NULL ? row_get(scope->row, name) : NULL;
        if (value == NULL && scope->row != NULL && row_hides(scope->row, name))
            break;
    }
    const struct scope *end = scope != NULL ? scope->outer : NULL;
    for (scope = expansion->scope; scope != end && value == NULL && expansion->why == NULL; scope = scope->outer)
        expansion->why = column_unknown(expansion->run, scope->row, name);
    return expansion->why != NULL ? TEXT_UNKNOWN : set_one(expansion, value);
}

/* All values, for the filters to work on; the first is enough when there are none. */
static void read_rows(struct part_expansion *expansion, struct row *const *rows, size_t count)
{
    const struct part *part = expansion->part;
    struct filter_call *call = &expansion->call;

    if (part->filter_count == 0) {
        const char *value = NULL;
        for (size_t i = 0; i < count && value == NULL; i++)
            value = row_value(rows[i], part->name);
        set_one(expansion, value);
        return;
    }
    /* ${fact|count} is the number of its rows, whatever they have. */
    const char *otherwise = part->name == NULL && filter_is_count(part->filters[0].kind) ? "" : NULL;
    run_count(expansion->run, count);
    call->values = arena_alloc(call->arena, (count + 1) * sizeof(*call->values));
    for (size_t i = 0; i < count; i++) {
        const char *value = row_value(rows[i], part->name);
        value = value != NULL ? value : otherwise;
        if (value != NULL)
            call->values[call->count++] = value;
    }
}

static enum text_status read_fact(struct part_expansion *expansion)
{
    const struct fact *fact = expansion->part->fact;
    struct row *const *rows;
    const size_t count = scope_rows(expansion->run, expansion->scope, fact, &rows);

    read_rows(expansion, rows, count);
    if (expansion->call.count > 0)
        return TEXT_SET;
    expansion->why = count == 0 ? scope_unknown(expansion->run, expansion->scope, fact) : NULL;
    for (size_t i = 0; i < count && expansion->why == NULL; i++)
        expansion->why = column_unknown(expansion->run, rows[i], expansion->part->name);
    if (expansion->why != NULL)
        return TEXT_UNKNOWN;
    const struct table *table = run_fact(expansion->run, fact);
    expansion->why = table->verdict == VERDICT_NO ? table->reason : NULL;
    return TEXT_UNSET;
}

static enum text_status read_host_arch(struct part_expansion *expansion)
{
    const char *arch = NULL;

    if (root_arch(expansion->run->root, &arch) != 0) {
        expansion->why = "the architecture of this root cannot be told";
        return TEXT_UNKNOWN;
    }
    return set_one(expansion, arch);
}

static enum text_status set_os(struct part_expansion *expansion, const char *value)
{
    expansion->why = root_os(expansion->run->root)->unknown;
    return expansion->why != NULL ? TEXT_UNKNOWN : set_one(expansion, value);
}

static enum text_status read_os_id(struct part_expansion *expansion)
{
    return set_os(expansion, root_os(expansion->run->root)->id);
}

static enum text_status read_os_version(struct part_expansion *expansion)
{
    return set_os(expansion, root_os(expansion->run->root)->version);
}

static enum text_status read_os_like(struct part_expansion *expansion)
{
    const char *like = root_os(expansion->run->root)->like_text;

    return set_os(expansion, *like != '\0' ? like : NULL);
}

static enum text_status read_language(struct part_expansion *expansion)
{
    const char *locale = expansion->run->options.lang;

    return set_one(expansion, locale != NULL ? text_language(expansion->call.arena, locale) : NULL);
}

static enum text_status read_compat(struct part_expansion *expansion)
{
    return set_one(expansion, expansion->run->options.compat);
}

static enum text_status read_parameter(struct part_expansion *expansion)
{
    const struct named_text *parameter = expansion->run->options.parameters;
    const char *name = expansion->part->name + strlen("param.");
    const char *value = NULL;

    /* The last one given counts, as with any option. */
    for (; parameter != NULL && parameter->name != NULL; parameter++)
        value = text_equal(parameter->name, name) ? parameter->value : value;
    return set_one(expansion, value);
}

static const struct {
    const char *name;
    enum text_status (*read)(struct part_expansion *expansion);
} builtins[] = {
    {"host.arch", read_host_arch}, {"os.id", read_os_id},   {"os.version", read_os_version},
    {"os.like", read_os_like},     {"lang", read_language}, {"compat", read_compat},
};

static enum text_status read_builtin(struct part_expansion *expansion)
{
    if (text_starts(expansion->part->name, "param."))
        return read_parameter(expansion);
    for (size_t i = 0; i < ARRAY_SIZE(builtins); i++)
        if (text_equal(builtins[i].name, expansion->part->name))
            return builtins[i].read(expansion);
    return TEXT_UNSET;
}

static enum text_status (*const readers[])(struct part_expansion *expansion) = {
    [PART_TEXT] = read_literal,
    [PART_COLUMN] = read_column,
    [PART_FACT] = read_fact,
    [PART_BUILTIN] = read_builtin,
};

static enum text_status expand_part(struct part_expansion *expansion, const char **ret_text);

/* The number or text that the filter works with. A name in its place is looked up where the filtered one is. */
static enum text_status read_operand(struct part_expansion *expansion)
{
    struct filter_call *call = &expansion->call;
    const struct part *operand = call->use->operand;
    struct part_expansion inner = {.run = expansion->run,
                                   .scope = expansion->scope,
                                   .part = operand,
                                   .call.arena = call->arena,
                                   .call.words = call->words};
    const char *text;

    call->number = call->use->number;
    if (operand == NULL)
        return TEXT_SET;
    const enum text_status status = expand_part(&inner, &text);
    if (status == TEXT_UNKNOWN)
        expansion->why = inner.why != NULL ? inner.why : call->use->argument;
    if (status == TEXT_SET && call->use->kind->argument == FILTER_NAME)
        call->text = text;
    else if (status == TEXT_SET && !text_number(text, &call->number))
        return TEXT_UNSET;
    return status;
}

static enum text_status apply_filter(struct part_expansion *expansion)
{
    struct filter_call *call = &expansion->call;
    const char *before = call->count > 0 ? call->values[0] : NULL;
    const enum text_status status = read_operand(expansion);

    if (status == TEXT_SET)
        call->use->kind->apply(call);
    else
        call->count = 0;
    if (status != TEXT_UNKNOWN && call->count == 0 && before != NULL) {
        expansion->before = before;
        expansion->failed = call->use;
    }
    return status;
}

/* What is not known stays so through all filters but default. */
static enum text_status apply_filters(struct part_expansion *expansion, enum text_status status)
{
    struct filter_call *call = &expansion->call;

    for (size_t i = 0; i < expansion->part->filter_count; i++) {
        call->use = &expansion->part->filters[i];
        if (status != TEXT_UNKNOWN || filter_is_default(call->use->kind))
            status = apply_filter(expansion);
    }
    if (status == TEXT_UNKNOWN)
        return TEXT_UNKNOWN;
    return call->count > 0 ? TEXT_SET : TEXT_UNSET;
}

static enum text_status expand_part(struct part_expansion *expansion, const char **ret_text)
{
    struct filter_call *call = &expansion->call;
    enum text_status status;

    call->values = &expansion->single;
    status = readers[expansion->part->kind](expansion);
    status = apply_filters(expansion, status);
    if (status == TEXT_SET)
        *ret_text = call->values[0];
    return status;
}

static const char *explain_part(const struct part_expansion *expansion, enum text_status status)
{
    struct arena *arena = expansion->run->arena;
    const char *label = part_label(arena, expansion->part);
    const char *state = status == TEXT_UNKNOWN ? "unknown" : "unset";
    const struct filter_use *failed = expansion->failed;

    if (failed != NULL && failed->table != NULL) {
        return arena_printf(arena, "${%s} is unset: table %s has no '%s'", label, failed->table->name,
                            expansion->before);
    }
    if (failed != NULL) {
        return arena_printf(arena, "${%s} is unset: %s gives nothing for '%s'", label, failed->kind->name,
                            expansion->before);
    }
    if (expansion->why != NULL)
        return arena_printf(arena, "${%s} is %s: %s", label, state, expansion->why);
    return arena_printf(arena, "${%s} is %s", label, state);
}

static enum text_status expand_one(struct run *run, const struct scope *scope, const struct part *part,
                                   const char **ret_text, const char **ret_reason)
{
    struct part_expansion expansion = {
        .run = run, .scope = scope, .part = part, .call = {.arena = run->arena, .words = &run->words}};
    const enum text_status status = expand_part(&expansion, ret_text);

    if (status != TEXT_SET && ret_reason != NULL)
        *ret_reason = explain_part(&expansion, status);
    return status;
}

/* "${column}" of the innermost row, which is what most templates are. NULL: it is unset there, or something else. */
static const char *plain_column(const struct scope *scope, const struct part *part)
{
    const bool plain = part->kind == PART_COLUMN && part->filter_count == 0;

    return plain && scope != NULL && scope->row != NULL ? row_get(scope->row, part->name) : NULL;
}

/* Texts of texts may double and double again. */
static enum text_status concatenate(struct arena *arena, const char *const *texts, size_t count, const char **ret_text,
                                    const char **ret_reason)
{
    size_t length = 0;

    for (size_t i = 0; i < count; i++)
        length += strlen(texts[i]);
    if (length > TEXT_LIMIT || budget_spent()) {
        if (ret_reason != NULL)
            *ret_reason = length > TEXT_LIMIT ? "the text is longer than 64 MiB" : budget_spent();
        return TEXT_UNKNOWN;
    }
    char *whole = arena_alloc(arena, length + 1);
    char *end = whole;
    for (size_t i = 0; i < count; i++)
        end = stpcpy(end, texts[i]);
    *ret_text = whole;
    return TEXT_SET;
}

enum text_status template_expand(struct run *run, const struct scope *scope, const struct template *template,
                                 const char **ret_text, const char **ret_reason)
{
    const char *few[8];
    const char **texts = few;

    if (template->literal != NULL) {
        *ret_text = template->literal;
        return TEXT_SET;
    }
    const char *column = template->count == 1 ? plain_column(scope, template->parts) : NULL;
    if (column != NULL) {
        *ret_text = column;
        return TEXT_SET;
    }
    if (template->count == 1)
        return expand_one(run, scope, template->parts, ret_text, ret_reason);
    if (template->count > ARRAY_SIZE(few))
        texts = arena_alloc(run->arena, template->count * sizeof(*texts));
    /* An unknown part says more than an unset one, wherever it stands. */
    enum text_status worst = TEXT_SET;
    for (size_t i = 0; i < template->count && worst != TEXT_UNKNOWN; i++) {
        const char **reason = worst == TEXT_SET ? ret_reason : NULL;
        const enum text_status status = expand_one(run, scope, &template->parts[i], &texts[i], reason);
        if (status == TEXT_UNKNOWN && reason == NULL && ret_reason != NULL)
            expand_one(run, scope, &template->parts[i], &texts[i], ret_reason);
        worst = status != TEXT_SET ? status : worst;
    }
    return worst == TEXT_SET ? concatenate(run->arena, texts, template->count, ret_text, ret_reason) : worst;
}
