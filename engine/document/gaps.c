/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a document may lack, as it is not known whether it is there: whoever asks for such nodes and finds none is told
 * so, not "no". Which nodes an expression asks for is told by the names in it alone, so some are too many. */
#include "base/text.h"
#include "document/builder.h"
#include "schema/private.h"

#include <ctype.h>
#include <string.h>

/* What would have made nodes. */
struct gap {
    const char *below;                   /* of which node, as names from the root on; NULL: anywhere */
    const struct emit_entry *entry;      /* NULL: the node itself is what may be missing */
    const struct assignment *assignment; /* of the entry; NULL: all of it */
    const char *reason;
};

/* ---- noting them ---- */

/* The names from the root down to a node. */
static const char *names_of(struct arena *arena, const xmlNode *node)
{
    const bool top = !node->parent || node->parent->type != XML_ELEMENT_NODE;
    const char *name = (const char *)node->name;
    return top ? name : arena_printf(arena, "%s/%s", names_of(arena, node->parent), name);
}

static void add_gap(struct builder *builder, const struct gap *gap)
{
    struct arena *arena = builder->arena;
    const void *key = gap->assignment ? (const void *)gap->assignment : gap->entry;
    if (key && pointer_set_has(&builder->gaps, key))
        return;
    pointer_set_add(arena, &builder->gaps, key);
    vec_push(arena, &builder->document->gaps, arena_memdup(arena, gap, sizeof(*gap)));
}

bool gap_is_known(const struct builder *builder, const void *made_by)
{
    return pointer_set_has(&builder->gaps, made_by);
}

void gap_add(struct builder *builder, const xmlNode *base, const struct emit_entry *entry,
             const struct assignment *assignment, const char *reason)
{
    add_gap(builder, &(struct gap){names_of(builder->arena, base), entry, assignment, reason});
}

void gap_add_all(struct builder *builder, const char *reason)
{
    add_gap(builder, &(struct gap){.reason = reason});
}

/* ---- what an expression asks for, as paths of names in which * is any name and ** are any ---- */

enum { DEPTH_LIMIT = 64, MENTIONS_LIMIT = 256, PATH_LIMIT = 512 };

struct mention {
    const char *path;
    const xmlNode *base; /* at the beginning of the path, which is there; NULL: none is known to be */
};

struct reader {
    struct arena *arena;
    const char *at;
    unsigned depth;
    struct vec *mentions;    /* of struct mention */
    const struct map *given; /* nodes that are there by their paths; NULL: none is known */
    const xmlNode *base;     /* where the current path leads from; NULL: from the root */
};

static void read_expression(struct reader *reader, const char *context);

static void mention(struct reader *reader, const char *path, const xmlNode *base)
{
    const struct mention new = {path, base};
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

/* start: of the path that they stand in; mentions: before it. */
static void read_predicates(struct reader *reader, const char *context, const char *start, size_t mentions)
{
    forget_given(reader, start, mentions);
    while (next_is(reader, "[")) {
        read_expression(reader, context);
        next_is(reader, "]");
        forget_given(reader, start, mentions);
    }
}

/* Steps from where something leads. */
static void read_steps(struct reader *reader, const char *start, const char *path)
{
    const size_t mentions = reader->mentions->count;
    reader->base = *start == '/' ? NULL : reader->base;
    for (;;) {
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
    }
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

/* ---- whether they meet ---- */

static const char *behind(const char *path)
{
    const size_t length = strcspn(path, "/");
    return path + length + (path[length] != '\0');
}

static bool names_meet(const char *mention, const char *path)
{
    const size_t length = strcspn(mention, "/");
    return (length == 1 && *mention == '*') || (length == strcspn(path, "/") && strncmp(mention, path, length) == 0);
}

/* As shells match a pattern: only the last ** is tried further on. */
static bool paths_meet(const char *mention, const char *path)
{
    const char *last = NULL, *from = NULL;
    while (*path || *mention) {
        if (text_starts(mention, "**")) {
            last = behind(mention);
            from = path;
            mention = last;
            if (!*mention)
                return true;
        } else if (*path && *mention && names_meet(mention, path)) {
            mention = behind(mention);
            path = behind(path);
        } else if (last && *from) {
            path = from = behind(from);
            mention = last;
        } else {
            return false;
        }
    }
    return true;
}

/* Looking for one mention in what a gap would have made. */
struct meeting {
    struct arena *arena;
    const struct mention *mention;
    bool found;
};

static void meet(struct meeting *meeting, const char *path)
{
    const char *mention = meeting->mention->path;
    meeting->found = meeting->found || paths_meet(*mention == '/' ? mention + 1 : mention, path);
}

/* The node that is there in a place of the mention's path; NULL: none is known to be. */
static const xmlNode *node_at(const struct meeting *meeting, const char *path)
{
    size_t depth = 0, wanted = 0;
    for (const xmlNode *each = meeting->mention->base; each && each->type == XML_ELEMENT_NODE; each = each->parent)
        depth++;
    for (wanted = 1; (path = strchr(path, '/')); path++)
        wanted++;
    const xmlNode *node = wanted <= depth ? meeting->mention->base : NULL;
    for (; node && wanted < depth; wanted++)
        node = node->parent;
    return node;
}

/* Could a node that is there have this value, or get it? Not where there is another one, and place for one only. */
static bool may_be(const xmlNode *node, const struct node_step *steps, size_t count, const char *value)
{
    const xmlAttr *attribute = count == 1 && steps->attribute ? tree_attribute(node, steps->name) : NULL;
    if (count == 0)
        return node_text_is(node, value);
    if (steps->attribute)
        return !attribute || node_text_is((const xmlNode *)attribute, value);
    const struct schema_child *child = schema_child(node_model(node), steps->name, NULL);
    const xmlNode *first = element_child(node, steps->name);
    return !child || child->many || !first || may_be(first, steps + 1, count - 1, value);
}

static bool step_may_hold(const xmlNode *node, const struct node_step *step)
{
    for (size_t i = 0; node && i < step->predicate_count; i++) {
        const struct node_predicate *predicate = &step->predicates[i];
        if (predicate->value->literal &&
            !may_be(node, predicate->path->steps, predicate->path->count, predicate->value->literal))
            return false;
    }
    return true;
}

/* Each node that a path would have made; its end. NULL: none of them would be where the mention is. */
static const char *meet_path(struct meeting *meeting, const char *below, const struct node_path *path)
{
    for (size_t i = 0; i < path->count; i++) {
        const struct node_step *step = &path->steps[i];
        below = arena_printf(meeting->arena, "%s/%s", below, step->name);
        const xmlNode *node = node_at(meeting, below);
        if (node && (!element_is(node, step->name) || !step_may_hold(node, step)))
            return NULL;
        meet(meeting, below);
        for (size_t predicate = 0; predicate < step->predicate_count; predicate++)
            meet_path(meeting, below, step->predicates[predicate].path);
    }
    return below;
}

static void meet_assignment(struct meeting *meeting, const char *below, const struct assignment *assignment)
{
    below = meet_path(meeting, below, assignment->path);
    for (size_t i = 0; below && i < assignment->count; i++)
        for (size_t each = 0; each < assignment->values[i].attribute_count; each++)
            meet(meeting, arena_printf(meeting->arena, "%s/%s", below, assignment->values[i].attributes[each].name));
}

static void meet_entry(struct meeting *meeting, const char *below, const struct emit_entry *entry)
{
    for (size_t i = 0; entry->each && i < entry->each->count; i++) /* which are there */
        below = arena_printf(meeting->arena, "%s/%s", below, entry->each->steps[i].name);
    if (entry->path)
        below = meet_path(meeting, below, entry->path);
    for (size_t i = 0; below && i < entry->assignment_count && !meeting->found; i++)
        meet_assignment(meeting, below, &entry->assignments[i]);
    for (size_t i = 0; below && i < entry->child_count && !meeting->found; i++)
        meet_entry(meeting, below, entry->children[i]);
}

static bool gap_meets(struct meeting *meeting, const struct gap *gap)
{
    meeting->found = !gap->below;
    if (gap->assignment)
        meet_assignment(meeting, gap->below, gap->assignment);
    else if (gap->entry)
        meet_entry(meeting, gap->below, gap->entry);
    else if (gap->below)
        meet(meeting, gap->below);
    return meeting->found;
}

static const struct gap *find_gap(const struct document *document, const struct vec *mentions)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    for (size_t i = 0; i < document->gaps.count; i++)
        for (size_t mention = 0; mention < mentions->count; mention++) {
            struct meeting meeting = {.arena = scratch, .mention = mentions->items[mention]};
            if (gap_meets(&meeting, document->gaps.items[i]))
                return document->gaps.items[i];
        }
    return NULL;
}

const char *document_gap(struct arena *arena, const struct document *document, const char *expression, bool derived)
{
    struct vec mentions = {0};
    struct reader reader = {
        .arena = arena, .at = expression, .mentions = &mentions, .given = derived ? &document->given : NULL};
    if (document->gaps.count == 0)
        return NULL;
    while (*reader.at) {
        read_expression(&reader, "");
        reader.at += *reader.at != '\0';
    }
    const struct gap *gap = find_gap(document, &mentions);
    return gap ? gap->reason : NULL;
}

void gap_of_removed(struct builder *builder, const xmlNode *node)
{
    struct document *document = builder->document;
    if (document->gaps.count == 0)
        return;
    const char *names = names_of(builder->arena, node);
    void *const gaps = (void *)(uintptr_t)document->gaps.count; /* nothing has changed for nodes of these names */
    struct vec below = {0};
    if (map_get(&builder->removed, names) == gaps)
        return;
    map_put(builder->arena, &builder->removed, names, gaps);
    const struct mention inside = {arena_printf(builder->arena, "%s/**", names), NULL};
    vec_push(builder->arena, &below, (void *)&inside);
    const struct gap *gap = find_gap(document, &below);
    if (gap)
        add_gap(builder, &(struct gap){.below = names, .reason = gap->reason});
}
