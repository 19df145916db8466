/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns as bytes: what the root tells, the defines that can be reached, by number, then the start. */
#include "base/pack.h"
#include "schema/private.h"

struct pattern *schema_pattern_new(struct arena *arena, enum pattern_kind kind, unsigned line)
{
    struct pattern *pattern = arena_new_object(arena, struct pattern);
    pattern->kind = kind;
    pattern->line = line;
    return pattern;
}

enum { DEPTH_LIMIT = 200 };

struct packer {
    struct arena *arena;
    struct vec defines; /* of const struct define, by number */
    struct buf *out;
};

static size_t number_of(struct packer *packer, const struct define *define)
{
    size_t number = 0;
    while (number < packer->defines.count && packer->defines.items[number] != define)
        number++;
    if (number == packer->defines.count)
        vec_push(packer->arena, &packer->defines, define);
    return number;
}

static void pack_sorts(struct buf *out, const struct vec *sorts)
{
    pack_number(out, sorts->count);
    for (size_t i = 0; i < sorts->count; i++) {
        const struct schema_sort *sort = sorts->items[i];
        pack_text(out, sort->path);
        pack_text(out, sort->same);
        pack_text(out, sort->first);
        pack_text(out, sort->last);
    }
}

static void pack_pattern(struct packer *packer, const struct pattern *pattern)
{
    struct buf *out = packer->out;
    pack_number(out, pattern->kind);
    pack_number(out, pattern->line);
    pack_number(out, pattern->whole);
    pack_number(out, pattern->filled);
    pack_number(out, pattern->hidden);
    pack_number(out, pattern->fits_empty);
    pack_text(out, pattern->name);
    pack_text(out, pattern->tells);
    pack_text(out, pattern->prefix);
    pack_text(out, pattern->namespace);
    pack_text(out, pattern->type);
    pack_number(out, pattern->params.count);
    for (size_t i = 0; i < pattern->params.count; i++) {
        const struct schema_param *param = pattern->params.items[i];
        pack_text(out, param->name);
        pack_text(out, param->value);
    }
    pack_sorts(out, &pattern->sorts);
    if (pattern->kind == PATTERN_REF)
        pack_number(out, number_of(packer, pattern->target));
    pack_number(out, pattern->items.count);
    for (size_t i = 0; i < pattern->items.count; i++)
        pack_pattern(packer, pattern->items.items[i]);
}

/* Of the first element that there can be, as in a model. Only a hostile schema refers deeper than any that was read. */
static const char *tells(const struct pattern *pattern)
{
    for (unsigned depth = 0; pattern && depth < DEPTH_LIMIT; depth++) {
        if (pattern->kind == PATTERN_ELEMENT)
            return pattern->tells;
        const struct pattern *first = pattern->items.count ? pattern->items.items[0] : NULL;
        pattern = pattern->kind == PATTERN_REF ? pattern->target->pattern : first;
    }
    return NULL;
}

/* Packing a define may find more of them. */
void schema_pack(struct buf *out, const struct pattern *start)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf patterns = BUF_INIT;
    struct packer packer = {.arena = arena, .out = &patterns};
    pack_pattern(&packer, start);
    for (size_t i = 0; i < packer.defines.count; i++) {
        const struct define *define = packer.defines.items[i];
        pack_text(&patterns, define->name);
        pack_number(&patterns, define->line);
        pack_pattern(&packer, define->pattern);
    }
    pack_text(out, tells(start));
    pack_number(out, packer.defines.count);
    buf_add_n(out, patterns.data, patterns.length);
}

struct unpacker {
    struct unpack unpack;
    struct arena *arena;
    struct define *defines;
    size_t count;
    unsigned depth;
};

static void unpack_params(struct unpacker *unpacker, struct pattern *pattern)
{
    size_t count = unpack_count(&unpacker->unpack);
    for (size_t i = 0; i < count && !unpacker->unpack.failed; i++) {
        struct schema_param *param = arena_new_object(unpacker->arena, struct schema_param);
        param->name = unpack_text(&unpacker->unpack);
        param->value = unpack_text(&unpacker->unpack);
        vec_push(unpacker->arena, &pattern->params, param);
    }
}

static void unpack_sorts(struct unpacker *unpacker, struct pattern *pattern)
{
    size_t count = unpack_count(&unpacker->unpack);
    for (size_t i = 0; i < count && !unpacker->unpack.failed; i++) {
        struct schema_sort *sort = arena_new_object(unpacker->arena, struct schema_sort);
        sort->path = unpack_text(&unpacker->unpack);
        sort->same = unpack_text(&unpacker->unpack);
        sort->first = unpack_text(&unpacker->unpack);
        sort->last = unpack_text(&unpacker->unpack);
        vec_push(unpacker->arena, &pattern->sorts, sort);
    }
}

static struct pattern *unpack_pattern(struct unpacker *unpacker)
{
    struct unpack *unpack = &unpacker->unpack;
    enum pattern_kind kind = (enum pattern_kind)unpack_below(unpack, PATTERN_UNSUPPORTED + 1);
    struct pattern *pattern = schema_pattern_new(unpacker->arena, kind, (unsigned)unpack_number(unpack));
    pattern->whole = unpack_number(unpack) != 0;
    pattern->filled = unpack_number(unpack) != 0;
    pattern->hidden = unpack_number(unpack) != 0;
    pattern->fits_empty = unpack_number(unpack) != 0;
    pattern->name = unpack_text(unpack);
    pattern->tells = unpack_text(unpack);
    pattern->prefix = unpack_text(unpack);
    pattern->namespace = unpack_text(unpack);
    pattern->type = unpack_text(unpack);
    unpack_params(unpacker, pattern);
    unpack_sorts(unpacker, pattern);
    if (kind == PATTERN_REF)
        pattern->target = &unpacker->defines[unpack_below(unpack, unpacker->count)];
    size_t count = unpack_count(unpack);
    unpack->failed = unpack->failed || ++unpacker->depth > DEPTH_LIMIT;
    for (size_t i = 0; i < count && !unpack->failed; i++)
        vec_push(unpacker->arena, &pattern->items, unpack_pattern(unpacker));
    unpacker->depth--;
    return pattern;
}

struct pattern *schema_unpack(struct arena *arena, const char *data, size_t length)
{
    struct unpacker unpacker = {.unpack = {data, data + length, false}, .arena = arena};
    unpack_text(&unpacker.unpack); /* see schema_unpack_tells */
    unpacker.count = unpack_count(&unpacker.unpack);
    unpacker.defines = arena_alloc(arena, (unpacker.count + 1) * sizeof(struct define));
    struct pattern *start = unpack_pattern(&unpacker);
    for (size_t i = 0; i < unpacker.count && !unpacker.unpack.failed; i++) {
        unpacker.defines[i].name = unpack_text(&unpacker.unpack);
        unpacker.defines[i].line = (unsigned)unpack_number(&unpacker.unpack);
        unpacker.defines[i].pattern = unpack_pattern(&unpacker);
    }
    return unpacker.unpack.failed || unpacker.unpack.at != unpacker.unpack.end ? NULL : start;
}

const char *schema_unpack_tells(const char *data, size_t length)
{
    struct unpack unpack = {data, data + length, false};
    return unpack_text(&unpack);
}
