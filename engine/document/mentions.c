/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading XPath for the names in it. libxml2 evaluates expressions, and does not tell what they would look for. */
#include "document/mentions.h"

#include "base/text.h"
#include "document/builder.h"
#include "schema/private.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH_LIMIT = 64, MENTIONS_LIMIT = 256, PATH_LIMIT = 512 };

struct reader {
    struct arena *arena;
    const char *at;
    unsigned depth;
    struct vec *mentions; /* of struct mention */
    const xmlNode *root;
    const struct map *given;                /* nodes that are there by their paths; NULL: none is known */
    const xmlNode *base;                    /* where the current path leads from; NULL: from the root */
    const struct restriction *restrictions; /* of its steps */
};

static void read_expression(struct reader *reader, const char *context);

static void mention(struct reader *reader, const char *path, const xmlNode *base)
{
    const struct mention new = {path, base, reader->restrictions};
    vec_push(reader->arena, reader->mentions, arena_memdup(reader->arena, &new, sizeof(new)));
}

/* Too much to be looked at: it may ask for anything. */
static void give_up(struct reader *reader)
{
    mention(reader, "**", NULL);
    reader->at += strlen(reader->at);
}

static bool is_name_byte(char byte)
{
    return isalnum((unsigned char)byte) || (byte && strchr("_-.:", byte)) || byte & 0x80;
}

static bool next_is(struct reader *reader, const char *text)
{
    while (isspace((unsigned char)*reader->at))
        reader->at++;
    const bool is = text_starts(reader->at, text);
    reader->at += is ? strlen(text) : 0;
    return is;
}

static size_t name_length(const char *text)
{
    size_t length = 0;
    while (is_name_byte(text[length]) && strncmp(text + length, "::", 2) != 0)
        length++;
    return length;
}

/* Behind a name: is it called, as functions and kinds of nodes are? */
static bool is_called(const char *rest)
{
    return rest[strspn(rest, " \t\r\n")] == '(';
}

/* "child" and "self" lead where names alone do, other axes anywhere. */
static const char *read_axis(struct reader *reader, const char *path)
{
    const size_t length = name_length(reader->at);
    if (length == 0 || !text_starts(reader->at + length, "::"))
        return path;
    const bool plain = strncmp(reader->at, "child", length) == 0 || strncmp(reader->at, "attribute", length) == 0;
    reader->at += length + 2;
    reader->restrictions = plain ? reader->restrictions : NULL;
    return plain ? path : "**";
}

static const char *one_up(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && !text_ends(path, "*") ? arena_strndup(arena, path, (size_t)(slash - path)) : "**";
}

/* One step from a path, which is noted if it leads down; NULL: there is none. */
static const char *read_step(struct reader *reader, const char *path)
{
    if (next_is(reader, "..")) {
        reader->base = reader->base ? reader->base->parent : NULL;
        reader->restrictions = NULL;
        return one_up(reader->arena, path);
    }
    if (*reader->at == '.' && !isdigit((unsigned char)reader->at[1]))
        return reader->at++, path;
    next_is(reader, "@");
    path = read_axis(reader, path);
    const size_t length = name_length(reader->at);
    const char *name = arena_strndup(reader->arena, reader->at, length);
    if (length == 0 && *reader->at != '*')
        return NULL;
    reader->at += length ? length : 1;
    if (is_called(reader->at)) { /* node(), text() */
        reader->at += strcspn(reader->at, ")");
        next_is(reader, ")");
        name = "*";
    }
    path = arena_printf(reader->arena, "%s/%s", path, length == 0 || strchr(name, ':') ? "*" : name);
    mention(reader, path, reader->base);
    return path;
}

/* A node that the document gave before is there, and so is all above it. */
static void forget_given(struct reader *reader, const char *start, size_t mentions)
{
    const char *text =
        reader->given && *start == '/' ? arena_strndup(reader->arena, start, (size_t)(reader->at - start)) : NULL;
    const xmlNode *node = text ? map_get(reader->given, text) : NULL;
    if (!node)
        return;
    reader->mentions->count = mentions;
    reader->base = node;
}

/* From here on only such a node is asked for: not the step alone, nor what is above it. */
static void restrict_step(struct reader *reader, size_t mentions, struct restriction restriction)
{
    size_t kept = mentions;
    reader->restrictions = arena_memdup(reader->arena, &restriction, sizeof(restriction));
    for (size_t i = mentions; i < reader->mentions->count; i++) {
        struct mention *each = reader->mentions->items[i];
        const size_t length = strlen(each->path);
        if (each->path == restriction.path)
            each->restrictions = reader->restrictions;
        else if (text_starts(restriction.path, each->path) && restriction.path[length] == '/')
            continue;
        reader->mentions->items[kept++] = each;
    }
    reader->mentions->count = kept;
}

/* A text that is compared with one attribute or element, and nothing else, restricts the step before. */
static void read_restriction(struct reader *reader, const char *path, size_t mentions)
{
    const char *at = reader->at + strspn(reader->at, " ");
    const bool attribute = *at == '@';
    const char *name = at + attribute;
    const size_t length = name_length(name);
    at = name + length + strspn(name + length, " ");
    at += *at == '=' ? 1 + strspn(at + 1, " ") : 0;
    const char quote = *at, *value = at + (quote != '\0'), *end = strchr(value, quote);
    if (length == 0 || (quote != '\'' && quote != '"') || !end || end[1 + strspn(end + 1, " ")] != ']')
        return;
    restrict_step(reader, mentions,
                  (struct restriction){path, arena_strndup(reader->arena, name, length),
                                       arena_strndup(reader->arena, value, (size_t)(end - value)), attribute,
                                       reader->restrictions});
}

/* start: of the path that they stand in; mentions: before it. */
static void read_predicates(struct reader *reader, const char *context, const char *start, size_t mentions)
{
    forget_given(reader, start, mentions);
    while (next_is(reader, "[")) {
        read_restriction(reader, context, mentions);
        read_expression(reader, context);
        next_is(reader, "]");
        forget_given(reader, start, mentions);
    }
}

/* The one node that a path from the root can lead to, if it is there. */
static const xmlNode *only_node(struct arena *arena, const xmlNode *root, const char *path)
{
    const xmlNode *node = root;
    for (path = strchr(path + 1, '/'); node && path; path = strchr(path + 1, '/')) {
        const char *name = arena_strndup(arena, path + 1, strcspn(path + 1, "/"));
        const struct schema_child *model = schema_child(node_model(node), name, NULL);
        node = model && !model->many ? element_child(node, name) : NULL;
    }
    return node;
}

/* What a path only leads through need not be asked for where it is there. */
static void drop_passed(struct reader *reader, size_t own, const char *path)
{
    const struct mention *mention = own < reader->mentions->count ? reader->mentions->items[own] : NULL;
    if (!mention || mention->path != path || *path != '/' || !only_node(reader->arena, reader->root, path))
        return;
    reader->mentions->count--;
    memmove(reader->mentions->items + own, reader->mentions->items + own + 1,
            (reader->mentions->count - own) * sizeof(*reader->mentions->items));
}

static void read_each_step(struct reader *reader, const char *start, const char *path)
{
    const size_t mentions = reader->mentions->count;
    for (;;) {
        const size_t own = reader->mentions->count;
        const char *next = read_step(reader, path);
        if (!next)
            return;
        if (strlen(next) > PATH_LIMIT || reader->mentions->count > MENTIONS_LIMIT)
            return give_up(reader);
        path = next;
        read_predicates(reader, path, start, mentions);
        if (next_is(reader, "//"))
            path = arena_printf(reader->arena, "%s/**", path);
        else if (!next_is(reader, "/"))
            return;
        else
            drop_passed(reader, own, path);
    }
}

/* Steps from where something leads. */
static void read_steps(struct reader *reader, const char *start, const char *path)
{
    const struct restriction *const before = reader->restrictions;
    if (*start == '/') {
        reader->base = NULL;
        reader->restrictions = NULL;
    }
    read_each_step(reader, start, path);
    reader->restrictions = before;
}

/* In brackets; what such an expression leads to is not followed. */
static void read_group(struct reader *reader, const char *context)
{
    read_expression(reader, context);
    next_is(reader, ")");
    read_predicates(reader, "**", "", 0);
    if (next_is(reader, "/"))
        next_is(reader, "/"), read_steps(reader, "", "**");
}

static void read_part(struct reader *reader, const char *context)
{
    const char *start = reader->at;
    const char quote = *start;
    if (quote == '\'' || quote == '"') {
        reader->at++;
        reader->at += strcspn(reader->at, quote == '"' ? "\"" : "'");
        reader->at += *reader->at != '\0';
    } else if (next_is(reader, "(")) {
        read_group(reader, context);
    } else if (next_is(reader, "//")) {
        read_steps(reader, start, "**");
    } else if (next_is(reader, "/")) {
        read_steps(reader, start, "");
    } else if (isdigit((unsigned char)quote)) {
        reader->at += strspn(reader->at, "0123456789.");
    } else if (is_called(reader->at + name_length(reader->at))) {
        reader->at += name_length(reader->at); /* of a function */
        next_is(reader, "(");
        read_group(reader, context);
    } else if (is_name_byte(quote) || quote == '@' || quote == '*') {
        read_steps(reader, "", context);
    } else {
        reader->at++; /* an operator */
    }
}

static void read_expression(struct reader *reader, const char *context)
{
    if (++reader->depth > DEPTH_LIMIT)
        give_up(reader);
    while (next_is(reader, ""), *reader->at && *reader->at != ')' && *reader->at != ']')
        read_part(reader, context);
    reader->depth--;
}

struct vec mentions_of(struct arena *arena, const char *expression, const xmlNode *root, const struct map *given)
{
    struct vec mentions = {0};
    struct reader reader = {.arena = arena, .at = expression, .mentions = &mentions, .root = root, .given = given};
    while (*reader.at) {
        read_expression(&reader, "");
        reader.at += *reader.at != '\0';
    }
    return mentions;
}
