/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Templates, filters and regular expressions. */
#include "rules/link.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

static struct template *new_template(struct linker *linker, const char *text, struct mark at)
{
    struct template *template = arena_new_object(linker->arena, struct template);

    template->text = text;
    template->at = at;
    return template;
}

struct template *link_literal(struct linker *linker, const char *text, struct mark at)
{
    struct template *template = new_template(linker, text, at);

    template->literal = text;
    if (!text[0])
        return template;
    template->parts = arena_new_object(linker->arena, struct part);
    template->parts[0].name = text;
    template->count = 1;
    return template;
}

static const struct filter_kind *find_filter(const struct linker *linker, const char *name)
{
    for (const struct filter_kind *kind = linker->vocabulary->filters; kind && kind->name; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

static void report_filter(struct linker *linker, struct span span, const char *name)
{
    struct vec names = {0};

    for (const struct filter_kind *kind = linker->vocabulary->filters; kind && kind->name; kind++)
        vec_push(linker->scratch, &names, kind->name);
    diagnose(linker->diagnostics, DIAG_UNKNOWN_FILTER, span_mark(span),
             diagnose_nearest(linker->diagnostics, name, (const char *const *)names.items, names.count),
             "no filter is called '%s'", name);
}

static bool bad_argument(struct linker *linker, struct span span, const char *format, const char *name)
{
    diagnose(linker->diagnostics, DIAG_UNKNOWN_FILTER, span_mark(span), NULL, format, name);
    return false;
}

/* A fact alone stands for its text or path, but its rows can be counted without either. */
static void check_default_column(struct linker *linker, struct span name, const struct part *part)
{
    bool counted = part->filter_count && part->filters[0].kind && strcmp(part->filters[0].kind->name, "count") == 0;

    if (part->kind == PART_FACT && !part->name && !counted)
        link_default_column(linker, part->fact, name);
}

/* A number (FILTER_NUMBER), or the name of a column or fact. */
static bool link_named(struct linker *linker, struct span argument, const struct name_scope *scope,
                       struct filter_use *use)
{
    const bool number = use->kind->argument == FILTER_NUMBER;

    if (number && text_number(use->argument, &use->number))
        return true;
    if (!isalpha((unsigned char)use->argument[0]))
        return bad_argument(linker, argument,
                            number ? "the argument of filter '%s' is a whole number or a name"
                                   : "the argument of filter '%s' is a name",
                            use->kind->name);
    use->operand = arena_new_object(linker->arena, struct part);
    if (!link_name(linker, argument, scope, use->operand))
        return false;
    check_default_column(linker, argument, use->operand);
    return true;
}

/* argument.node NULL: none was given. */
static bool link_argument(struct linker *linker, struct span whole, struct span argument,
                          const struct name_scope *scope, struct filter_use *use)
{
    const char *name = use->kind->name;

    if (use->kind->argument == FILTER_NO_ARGUMENT)
        return argument.node ? bad_argument(linker, argument, "filter '%s' takes no argument", name) : true;
    if (!argument.node)
        return bad_argument(linker, whole, "filter '%s' needs an argument after a colon", name);
    use->argument = arena_strndup(linker->arena, span_start(argument), argument.length);
    if (use->kind->argument == FILTER_NUMBER || use->kind->argument == FILTER_NAME)
        return link_named(linker, argument, scope, use);
    if (use->kind->argument == FILTER_TABLE)
        use->table = link_lookup_name(linker, argument);
    return use->kind->argument != FILTER_TABLE || use->table;
}

static bool link_filter(struct linker *linker, struct span span, const struct name_scope *scope, struct filter_use *use)
{
    struct span head = span_part(span, 0, span_find(span, ':'));
    struct span argument = {0};
    const char *name = arena_strndup(linker->scratch, span_start(head), head.length);

    if (head.length < span.length)
        argument = span_part(span, head.length + 1, span.length - head.length - 1);
    use->kind = find_filter(linker, name);
    if (use->kind)
        return link_argument(linker, span, argument, scope, use);
    report_filter(linker, head, name);
    return false;
}

/* What stands between ${ and }. */
static void link_expression(struct linker *linker, struct span span, const struct name_scope *scope, struct part *part)
{
    struct span name = span_part(span, 0, span_find(span, '|'));
    size_t position = name.length;
    bool found = link_name(linker, name, scope, part);

    part->filters = arena_alloc(linker->arena, span_count(span, '|') * sizeof(struct filter_use));
    while (position < span.length) {
        struct span filter = span_part(span, position + 1, span.length - position - 1);

        filter.length = span_find(filter, '|');
        if (!link_filter(linker, filter, scope, &part->filters[part->filter_count++]))
            found = false;
        position += 1 + filter.length;
    }
    if (found)
        check_default_column(linker, name, part);
}

static void flush_text(struct linker *linker, struct template *template, struct buf *text)
{
    if (!text->length)
        return;
    template->parts[template->count++].name = arena_strndup(linker->arena, text->data, text->length);
    text->length = 0;
}

/* The length of what follows a dollar sign, with it. */
static size_t link_dollar(struct linker *linker, struct span span, const struct name_scope *scope,
                          struct template *template, struct buf *text)
{
    const char *start = span_start(span);
    size_t end;

    if (span.length < 2 || start[1] != '{') {
        buf_char(text, '$');
        return span.length > 1 && start[1] == '$' ? 2 : 1;
    }
    end = span_find(span, '}');
    if (end == span.length) {
        diagnose(linker->diagnostics, DIAG_BAD_TEMPLATE, span_mark(span), "$$ is a dollar sign", "${ without }");
        return span.length;
    }
    const char *inner = memmem(start + 2, end - 2, "${", 2);
    if (inner != NULL)
        diagnose(linker->diagnostics, DIAG_BAD_TEMPLATE, span_mark(span_part(span, (size_t)(inner - start), 2)),
                 "give it a name first, with text: in a fact or with: in a row", "${ inside of ${...}");
    flush_text(linker, template, text);
    link_expression(linker, span_part(span, 2, end - 2), scope, &template->parts[template->count++]);
    return end + 1;
}

static void link_parts(struct linker *linker, struct span span, const struct name_scope *scope,
                       struct template *template)
{
    AUTO(buf_free) struct buf text = BUF_INIT;
    size_t position = 0;

    template->parts = arena_alloc(linker->arena, (2 * span_count(span, '$') + 1) * sizeof(struct part));
    while (position < span.length) {
        struct span rest = span_part(span, position, span.length - position);
        size_t plain = span_find(rest, '$');

        buf_add_n(&text, span_start(rest), plain);
        position += plain;
        if (plain < rest.length)
            position += link_dollar(linker, span_part(rest, plain, rest.length - plain), scope, template, &text);
    }
    flush_text(linker, template, &text);
    if (template->count == 0)
        template->literal = "";
    else if (template->count == 1 && template->parts[0].kind == PART_TEXT)
        template->literal = template->parts[0].name;
}

struct template *link_template(struct linker *linker, struct span span, const struct name_scope *scope)
{
    const char *text = span_copy(linker, span);
    const bool literal = span_find(span, '$') == span.length;
    struct template *template =
        literal ? link_literal(linker, text, span.node->at) : new_template(linker, text, span.node->at);

    if (memchr(text, '\0', span.length))
        diagnose(linker->diagnostics, DIAG_BAD_TEMPLATE, span_mark(span), NULL, "a text cannot hold a NUL character");
    if (!literal)
        link_parts(linker, span, scope, template);
    return template;
}

struct template *link_operand(struct linker *linker, const struct yaml_node *node, const struct name_scope *scope)
{
    struct span span = span_of(node);
    struct template *template = NULL;

    if (node->kind == YAML_NODE_SCALAR && strstr(node->value, "${"))
        template = link_template(linker, span, scope);
    if (template)
        return template;
    template = new_template(linker, span_copy(linker, span), node->at);
    template->parts = arena_new_object(linker->arena, struct part);
    template->count = 1;
    if (link_name(linker, span, scope, template->parts))
        check_default_column(linker, span, template->parts);
    return template;
}

struct regex *link_regex(struct linker *linker, struct span span, unsigned flags)
{
    const char *pattern = span_copy(linker, span);
    const char *error = NULL;
    size_t offset = 0;
    struct regex *regex;

    if (memchr(pattern, '\0', span.length)) {
        diagnose(linker->diagnostics, DIAG_BAD_REGEX, span_mark(span), "write \\0 in single quotes",
                 "a pattern cannot hold a NUL character");
        return NULL;
    }
    regex = regex_recall(linker->arena, linker->store, pattern, flags);
    if (regex)
        return regex;
    regex = regex_compile(linker->arena, pattern, flags, &error, &offset);
    if (!regex) {
        if (offset > span.length)
            offset = span.length;
        diagnose(linker->diagnostics, DIAG_BAD_REGEX, span_mark(span_part(span, offset, offset < span.length)), NULL,
                 "%s", error ? error : "the pattern does not compile");
        return NULL;
    }
    if (!regex_matches_empty(regex)) {
        regex_keep(linker->store, regex);
        return regex;
    }
    diagnose(linker->diagnostics, DIAG_EMPTY_REGEX, span_mark(span), "use + in place of *, or add what must be there",
             "the pattern matches the empty string, so it matches everywhere");
    return NULL;
}
