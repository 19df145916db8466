/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Digests of all that decides what a fact finds, for the keys under which results are kept. */
#include "rules/fingerprint.h"

#include "base/yaml.h"

#include <string.h>

/* The final NUL keeps texts apart. */
static void add_text(struct digesting *digest, const char *text)
{
    digest_add(digest, text, strlen(text) + 1);
}

static void add_node(struct digesting *digest, const struct yaml_node *node)
{
    const char kind = "s[{"[node->kind];

    digest_add(digest, &kind, 1);
    if (node->kind == YAML_NODE_SCALAR) {
        digest_add(digest, node->value, node->length + 1);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_NODE_MAPPING)
            add_node(digest, node->keys[i]);
        add_node(digest, node->items[i]);
    }
    digest_add(digest, "]", 1);
}

static void add_lookup(struct digesting *digest, const struct lookup *lookup)
{
    digest_add(digest, "t", 1);
    for (size_t i = 0; i < lookup->entries.count; i++) {
        add_text(digest, lookup->entries.entries[i].key);
        add_text(digest, lookup->entries.entries[i].value);
    }
    digest_add(digest, "]", 1);
}

const struct digest *fact_fingerprint(struct arena *arena, const struct digest **known, const struct fact *fact)
{
    const struct fact_basis *basis = fact->basis;
    struct digesting digest;

    if (basis->digest)
        return basis->digest;
    if (known[fact->index])
        return known[fact->index];
    digest_start(&digest);
    for (size_t i = 0; i < basis->nodes.count; i++)
        add_node(&digest, basis->nodes.items[i]);
    for (size_t i = 0; i < basis->lookups.count; i++)
        add_lookup(&digest, basis->lookups.items[i]);
    for (size_t i = 0; i < basis->facts.count; i++)
        digest_add(&digest, fact_fingerprint(arena, known, basis->facts.items[i]), sizeof(struct digest));
    const struct digest taken = digest_end(&digest);
    return known[fact->index] = arena_memdup(arena, &taken, sizeof(taken));
}
