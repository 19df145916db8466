/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Constant trees in a program's data: what a program that was made from a description keeps of it, such as the schema
 * of its protocol.
 *
 * Such a tree consists of values, in C struct { int tag; union { pointer; number of 64 bits } value; }. A mapping is a
 * pointer to entries struct { const char *key; struct value value; } up to one without a key; a list one to values up
 * to one whose tag is 0. One row a mapping that is named: has an entry of a given key whose text matches.
 */
#include "base/text.h"
#include "probe/literal.h"
#include "probe/program_search.h"
#include "probe/registry.h"

#include <string.h>

enum { PART_KEY, PART_MATCH, PART_TAGS, PART_TEXTS, PART_LISTS, PART_FOLLOW };
enum {
    ENTRIES_LIMIT = 64,      /* of one mapping */
    ITEMS_LIMIT = 4096,      /* of one list */
    LIST_LIMIT = 256 * 1024, /* bytes of it */
    DEPTH_LIMIT = 32,        /* of names that lead to others */
};

/* Bytes from the start of an entry, which is as large as the words of the file's class and its alignment of 64 bits
 * make it. */
struct tree_layout {
    size_t tag, value, size;
};

struct tree_search {
    struct program_search search;
    struct tree_layout layout;
    int64_t text_tag, mapping_tag, list_tag;
    struct map done, wanted; /* names that rows have, and those that they lead to */
};

static bool tag_at(const struct tree_search *hunt, uint64_t address, int64_t *ret_tag)
{
    unsigned char bytes[4];

    if (!elf_bytes(&hunt->search.program->file, address, bytes, sizeof(bytes)))
        return false;
    *ret_tag = (int64_t)elf_number(&hunt->search.program->file, bytes, sizeof(bytes));
    return true;
}

static const char *key_at(struct tree_search *hunt, uint64_t entry)
{
    size_t length;

    return program_text(hunt->search.program, entry, &length);
}

/* The text of a value whose tag says that it is one. address: of the tag. */
static const char *text_at(struct tree_search *hunt, uint64_t address)
{
    size_t length;
    int64_t tag;

    if (!tag_at(hunt, address, &tag) || tag != hunt->text_tag)
        return NULL;
    return program_text(hunt->search.program, address + hunt->layout.value - hunt->layout.tag, &length);
}

/* The first of the entries that stand before one without a gap. */
static uint64_t first_entry(struct tree_search *hunt, uint64_t entry)
{
    int64_t tag;

    for (size_t i = 0; i < ENTRIES_LIMIT; i++) {
        uint64_t before = entry - hunt->layout.size;

        if (!key_at(hunt, before) || !tag_at(hunt, before + hunt->layout.tag, &tag) || tag == 0)
            break;
        entry = before;
    }
    return entry;
}

/* "name=a type=b": the texts of a mapping in a list. */
static void add_words(struct tree_search *hunt, uint64_t entry, struct buf *list)
{
    const char *key, *text;

    for (size_t i = 0; i < ENTRIES_LIMIT && (key = key_at(hunt, entry)); i++, entry += hunt->layout.size)
        if ((text = text_at(hunt, entry + hunt->layout.tag)))
            buf_printf(list, "%s%s=%s", list->length && list->data[list->length - 1] != '\n' ? " " : "", key, text);
}

static const char *list_at(struct tree_search *hunt, uint64_t value)
{
    AUTO(buf_free) struct buf list = BUF_INIT;
    size_t inside = hunt->layout.value - hunt->layout.tag, size = hunt->layout.size - hunt->layout.tag;
    uint64_t to;
    int64_t tag;

    for (size_t i = 0; i < ITEMS_LIMIT && list.length < LIST_LIMIT && tag_at(hunt, value, &tag) && tag;
         i++, value += size) {
        if (list.length)
            buf_char(&list, '\n');
        if (tag == hunt->text_tag)
            buf_add(&list, text_at(hunt, value) ? text_at(hunt, value) : "");
        else if (tag == hunt->mapping_tag && elf_pointer_at(&hunt->search.program->pointers, value + inside, &to))
            add_words(hunt, to, &list);
    }
    return text_sanitise(hunt->search.probe->arena, buf_text(&list), list.length);
}

static bool is_one_of(const struct argument *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(names->texts[i], name))
            return true;
    return false;
}

static void take_text(struct tree_search *hunt, struct row *row, const char *key, uint64_t value)
{
    const char *text = text_at(hunt, value);

    if (!text)
        return;
    if (is_one_of(&hunt->search.parts[PART_TEXTS], key))
        row_set(hunt->search.probe->arena, row, key, text_sanitise(hunt->search.probe->arena, text, strlen(text)));
    if (is_one_of(&hunt->search.parts[PART_FOLLOW], key) && !map_get(&hunt->done, text))
        map_put(hunt->search.probe->arena, &hunt->wanted, text, text);
}

static void take_list(struct tree_search *hunt, struct row *row, const char *key, uint64_t value)
{
    uint64_t to;
    int64_t tag;

    if (is_one_of(&hunt->search.parts[PART_LISTS], key) && tag_at(hunt, value, &tag) && tag == hunt->list_tag &&
        elf_pointer_at(&hunt->search.program->pointers, value + hunt->layout.value - hunt->layout.tag, &to))
        row_set(hunt->search.probe->arena, row, key, list_at(hunt, to));
}

static void take_entries(struct tree_search *hunt, struct row *row, uint64_t entry)
{
    const char *key;

    for (size_t i = 0; i < ENTRIES_LIMIT && (key = key_at(hunt, entry)); i++, entry += hunt->layout.size) {
        const char *copy = arena_strdup(hunt->search.probe->arena, key);

        take_text(hunt, row, copy, entry + hunt->layout.tag);
        take_list(hunt, row, copy, entry + hunt->layout.tag);
    }
}

static void unset_columns(struct tree_search *hunt, struct row *row)
{
    for (size_t part = PART_TEXTS; part <= PART_LISTS; part++)
        for (size_t i = 0; i < hunt->search.parts[part].count; i++)
            row_unset(hunt->search.probe->arena, row, hunt->search.parts[part].texts[i]);
}

/* REGEX_YES: the row limit is reached. */
static enum regex_result take_named(struct tree_search *hunt, uint64_t entry, const struct regex_span *whole)
{
    struct row *row = program_search_row(&hunt->search, whole, entry);

    if (!row)
        return REGEX_YES;
    unset_columns(hunt, row);
    take_entries(hunt, row, first_entry(hunt, entry));
    return REGEX_NO;
}

/* Is a name asked for: by the rule, or in later rounds by what was found? */
static enum regex_result is_asked_for(struct tree_search *hunt, const char *name, const struct map *names,
                                      struct regex_span *ret_whole)
{
    *ret_whole = (struct regex_span){name, strlen(name)};
    if (map_get(&hunt->done, name))
        return REGEX_NO;
    if (names) {
        for (size_t i = 0; i < regex_group_count(hunt->search.regex); i++)
            hunt->search.groups[i].start = NULL;
        return map_get(names, name) ? REGEX_YES : REGEX_NO;
    }
    return program_search_match(&hunt->search, name, strlen(name), ret_whole, hunt->search.groups);
}

static enum regex_result take_entry(struct tree_search *hunt, uint64_t entry, const struct map *names)
{
    const char *name = text_at(hunt, entry + hunt->layout.tag);
    struct regex_span whole;
    enum regex_result result = name ? is_asked_for(hunt, name, names, &whole) : REGEX_NO;

    return result == REGEX_YES ? take_named(hunt, entry, &whole) : result;
}

/* Goes through the entries of the key. names: those that are wanted; NULL: those that match. */
static enum regex_result go_through(struct tree_search *hunt, const struct map *names)
{
    struct program *program = hunt->search.program;
    const char *key = hunt->search.parts[PART_KEY].text;
    enum regex_result result = REGEX_NO;
    size_t length;

    for (size_t i = 0; i < program->marked_count && result == REGEX_NO; i++) {
        const struct elf_pointer *pointer = &program->pointers.items[program->marked[i]];

        program->pointers.near = program->marked[i];
        if (text_equal(text_blocks_at(&program->texts, pointer->to, &length), key))
            result = take_entry(hunt, pointer->at, names);
    }
    return result;
}

static enum regex_result take_all(struct tree_search *hunt)
{
    enum regex_result result = go_through(hunt, NULL);

    for (unsigned depth = 0; result == REGEX_NO && hunt->wanted.count && depth < DEPTH_LIMIT; depth++) {
        struct map names = hunt->wanted;

        hunt->wanted = (struct map){0};
        for (size_t i = 0; i < names.count; i++)
            map_put(hunt->search.probe->arena, &hunt->done, names.entries[i].key, names.entries[i].key);
        struct map done = hunt->done;
        hunt->done = (struct map){0};
        result = go_through(hunt, &names);
        hunt->done = done;
    }
    return result;
}

static int64_t tag_of(const struct argument *tags, const char *name)
{
    for (size_t i = 0; i < tags->count; i++)
        if (text_equal(tags->texts[i], name))
            return tags->numbers[i];
    return -1;
}

/* Numbers of 64 bits are aligned to 8 bytes everywhere but on 32-bit x86. */
static enum regex_result take_in_layouts(struct tree_search *hunt)
{
    static const struct tree_layout usual = {8, 16, 24}, narrow = {4, 8, 16};
    enum regex_result result;

    hunt->layout = usual;
    result = take_all(hunt);
    if (result != REGEX_NO || hunt->search.probe->rows.count > hunt->search.before || hunt->search.program->file.wide)
        return result;
    hunt->layout = narrow;
    return take_all(hunt);
}

static enum verdict eval(struct probe *probe, const struct item *item)
{
    const struct argument *parts = probe->extract_arguments[0].sub;
    struct tree_search hunt = {.search = program_search_new(probe, item, parts[PART_MATCH].regex),
                               .text_tag = tag_of(&parts[PART_TAGS], "text"),
                               .mapping_tag = tag_of(&parts[PART_TAGS], "mapping"),
                               .list_tag = tag_of(&parts[PART_TAGS], "list")};
    const struct literal key = {parts[PART_KEY].text, strlen(parts[PART_KEY].text) + 1, false};
    enum verdict ready = program_search_open(&hunt.search);

    if (ready == VERDICT_YES)
        ready = program_search_mark(&hunt.search, &key);
    if (ready != VERDICT_YES)
        return ready;
    return program_search_end(&hunt.search, take_in_layouts(&hunt), "named mapping");
}

static const char *const columns[] = {"text", NULL};

static const struct field parts[] = {
    {"key", FIELD_TEXT, FIELD_REQUIRED, NULL, "the key under which a mapping has its name", NULL},
    {"match", FIELD_REGEX, FIELD_REQUIRED | FIELD_COLUMNS | FIELD_BINARY, NULL,
     "regular expression for the whole name; text is the name", NULL},
    {"tags", FIELD_OFFSETS, FIELD_REQUIRED, NULL, "the tags of text, mapping and list", NULL},
    {"texts", FIELD_NAMES, FIELD_COLUMNS, NULL, "keys whose texts become columns", NULL},
    {"lists", FIELD_NAMES, FIELD_COLUMNS, NULL,
     "keys whose lists become columns: one item a line, of a mapping its texts as KEY=TEXT with blanks between", NULL},
    {"follow", FIELD_NAMES, 0, NULL,
     "keys whose texts are names of mappings that are taken too, though they do not match", NULL},
    {0},
};

static const struct field fields[] = {
    {"tree", FIELD_MAPPING, FIELD_REQUIRED, NULL, "which parts of the tree", parts},
    {0},
};

const struct extract_kind extract_tree = {
    .name = "tree",
    .help = "One row a named mapping of a constant tree in the data of an ELF file, a column a text or list of it.",
    .fields = fields,
    .columns = columns,
    .flags = EXTRACT_TRAVELS,
    .eval = eval,
};
