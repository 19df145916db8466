/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Structures of pointers in an ELF file's data, such as the tables in which programs in C register what they have.
 *
 * A structure is found by its first text: all pointers are gone through for those that lead to a text that matches.
 * There are a hundred thousand of them in a large program, so that the places of texts that may match are marked
 * before.
 */
#include "base/number_map.h"
#include "base/text.h"
#include "probe/literal.h"
#include "probe/program_search.h"
#include "probe/registry.h"

enum {
    PART_MATCH,
    PART_TEXTS,
    PART_OTHERS,
    PART_NUMBERS,
    PART_BYTES,
    PART_LISTS,
    PART_ARRAYS,
    PART_MOST,
    PART_FOLLOW,
    PART_UNTIL
};
enum {
    LIST_LIMIT = 256,   /* texts in one list */
    WORDS_LIMIT = 4096, /* of a structure */
    SMALL = 32 * 1024,  /* a section in which equal texts are looked for */
    DEPTH_LIMIT = 32,   /* of names that lead to others */
};

struct records_search {
    struct program_search search;
    const int64_t *bounded;  /* the words of most: */
    struct number_map seen;  /* texts that structures name */
    struct number_map named; /* those of them to follow to, since the last time */
};

/* The text that a word of a structure points to. */
static const char *pointed_text(struct records_search *hunt, uint64_t structure, int64_t word, size_t *ret_length)
{
    return program_text(hunt->search.program, program_search_word(&hunt->search, structure, word), ret_length);
}

/* Does a word point to an array of pointers to texts, or is it zero? */
static bool is_array(struct records_search *hunt, uint64_t structure, int64_t word)
{
    uint64_t to;
    size_t length;

    if (!elf_pointer_at(&hunt->search.program->pointers, program_search_word(&hunt->search, structure, word), &to))
        return program_word_within(hunt->search.program, program_search_word(&hunt->search, structure, word), 0);
    return program_text(hunt->search.program, to, &length) != NULL;
}

/* Is it what the rule describes, but for the text that begins it? */
static bool is_structure(struct records_search *hunt, uint64_t structure)
{
    const struct argument *texts = &hunt->search.parts[PART_TEXTS], *others = &hunt->search.parts[PART_OTHERS];
    const struct argument *most = &hunt->search.parts[PART_MOST];
    size_t length;

    for (size_t i = 1; i < texts->count; i++)
        if (!pointed_text(hunt, structure, texts->numbers[i], &length))
            return false;
    for (size_t i = 0; i < most->count; i++)
        if (!program_word_within(hunt->search.program, program_search_word(&hunt->search, structure, hunt->bounded[i]),
                                 (uint64_t)most->numbers[i]))
            return false;
    for (size_t i = 0; i < others->count; i++)
        if (!pointed_text(hunt, structure, others->numbers[i], &length) &&
            !program_word_within(hunt->search.program,
                                 program_search_word(&hunt->search, structure, others->numbers[i]), 0))
            return false;
    for (size_t i = 0; i < hunt->search.parts[PART_ARRAYS].count; i++)
        if (!is_array(hunt, structure, hunt->search.parts[PART_ARRAYS].numbers[i]))
            return false;
    return true;
}

/* Texts that an array of pointers leads to, one a line, up to what is no pointer to a text. */
static const char *list_at(struct records_search *hunt, uint64_t array)
{
    AUTO(buf_free) struct buf list = BUF_INIT;
    size_t length;

    for (int64_t i = 0; i < LIST_LIMIT; i++) {
        const char *text = pointed_text(hunt, array, i, &length);

        if (!text)
            break;
        buf_add(&list, i ? "\n" : "");
        buf_add_n(&list, text, length);
    }
    return list.length ? text_sanitise(hunt->search.probe->arena, list.data, list.length) : NULL;
}

static void set_lists(struct records_search *hunt, uint64_t structure, struct row *row, size_t part)
{
    const struct argument *lists = &hunt->search.parts[part];

    for (size_t i = 0; i < lists->count; i++) {
        uint64_t address = program_search_word(&hunt->search, structure, lists->numbers[i]), to;
        const char *list = elf_pointer_at(&hunt->search.program->pointers, address, &to) ? list_at(hunt, to) : NULL;

        row_unset(hunt->search.probe->arena, row, lists->texts[i]);
        if (list)
            row_set(hunt->search.probe->arena, row, lists->texts[i], list);
    }
}

/* A structure that may be one of those looked for, and the text that begins it. */
struct likely_structure {
    uint64_t address;
    const char *text;
    size_t length;
};

/* REGEX_YES: the row limit is reached. */
static enum regex_result add_row(struct records_search *hunt, const struct likely_structure *candidate,
                                 const struct regex_span *whole)
{
    struct program_search *search = &hunt->search;
    struct row *row = program_search_row(search, whole, candidate->address);

    if (!row)
        return REGEX_YES;
    program_search_texts(search, PART_TEXTS, candidate->address, row);
    program_search_texts(search, PART_OTHERS, candidate->address, row);
    program_search_numbers(search, PART_NUMBERS, elf_word_size(&search->program->file), candidate->address, row);
    program_search_numbers(search, PART_BYTES, 1, candidate->address, row);
    set_lists(hunt, candidate->address, row, PART_LISTS);
    set_lists(hunt, candidate->address, row, PART_ARRAYS);
    return REGEX_NO;
}

/* Linkers merge texts that are equal, but not where they were not asked to optimise: small programs may be such. */
static void add_equal_texts(struct records_search *hunt, const char *text, size_t length)
{
    struct arena *arena = hunt->search.probe->arena;

    for (size_t i = 0; i < hunt->search.program->texts.count; i++) {
        const struct text_block *block = &hunt->search.program->texts.items[i];
        const char *at = block->bytes, *end = at + block->size;

        for (; block->size <= SMALL && (at = memmem(at, (size_t)(end - at), text, length + 1)); at++) {
            number_map_put(arena, &hunt->seen, block->address + (uint64_t)(at - block->bytes), NULL);
            number_map_put(arena, &hunt->named, block->address + (uint64_t)(at - block->bytes), NULL);
        }
    }
}

/* Is a text one that structures are found by in another way, or not at all? */
static bool is_passed_over(const struct records_search *hunt, const char *text, size_t length)
{
    const struct argument *until = &hunt->search.parts[PART_UNTIL];
    struct regex_span whole;

    for (size_t i = 0; i < until->count; i++)
        if (!strcmp(text, until->texts[i]))
            return true;
    return program_search_match(&hunt->search, text, length, &whole, NULL) == REGEX_YES;
}

static void add_named(struct records_search *hunt, uint64_t address)
{
    struct arena *arena = hunt->search.probe->arena;
    const char *text;
    size_t length;

    if (number_map_has(&hunt->seen, address))
        return;
    number_map_put(arena, &hunt->seen, address, NULL);
    text = text_blocks_at(&hunt->search.program->texts, address, &length);
    if (!text || is_passed_over(hunt, text, length))
        return;
    number_map_put(arena, &hunt->named, address, NULL);
    add_equal_texts(hunt, text, length);
}

/* What a structure names to be followed to: the address of that text. */
static void note_named(struct records_search *hunt, uint64_t structure)
{
    const struct argument *texts = &hunt->search.parts[PART_TEXTS], *follow = &hunt->search.parts[PART_FOLLOW];
    uint64_t to;

    for (size_t i = 0; follow->given && i < texts->count; i++)
        if (!strcmp(texts->texts[i], follow->text) &&
            elf_pointer_at(&hunt->search.program->pointers,
                           program_search_word(&hunt->search, structure, texts->numbers[i]), &to))
            add_named(hunt, to);
}

/* Adds a row if the text that begins a structure matches as a whole. REGEX_YES: the row limit is reached. */
static enum regex_result take_matching(struct records_search *hunt, const struct likely_structure *candidate)
{
    struct regex_span whole;
    enum regex_result result =
        program_search_match(&hunt->search, candidate->text, candidate->length, &whole, hunt->search.groups);

    if (result != REGEX_YES)
        return result;
    note_named(hunt, candidate->address);
    return add_row(hunt, candidate, &whole);
}

/* Adds a row for a structure that others have named, without groups. */
static enum regex_result take_named(struct records_search *hunt, const struct likely_structure *candidate)
{
    struct regex_span whole = {candidate->text, candidate->length};

    for (size_t i = 0; i < regex_group_count(hunt->search.regex); i++)
        hunt->search.groups[i].start = NULL;
    note_named(hunt, candidate->address);
    return add_row(hunt, candidate, &whole);
}

/* Goes through the pointers to marked texts for the beginnings of structures; addresses: of texts, NULL: any. */
static enum regex_result go_through(struct records_search *hunt, const struct number_map *addresses,
                                    enum regex_result (*take)(struct records_search *, const struct likely_structure *))
{
    struct program *program = hunt->search.program;
    uint64_t before = program_search_word(&hunt->search, 0, hunt->search.parts[PART_TEXTS].numbers[0]);
    enum regex_result result = REGEX_NO;

    for (size_t i = 0; i < program->marked_count && result == REGEX_NO; i++) {
        const struct elf_pointer *pointer = &program->pointers.items[program->marked[i]];
        struct likely_structure candidate = {.address = pointer->at - before};

        if (addresses && !number_map_has(addresses, pointer->to))
            continue;
        program->pointers.near = program->marked[i];
        if (!is_structure(hunt, candidate.address))
            continue;
        candidate.text = text_blocks_at(&program->texts, pointer->to, &candidate.length);
        if (candidate.text)
            result = take(hunt, &candidate);
    }
    return result;
}

/* The structures that match, then those that they name, and so on. */
static enum regex_result take_structures(struct records_search *hunt)
{
    enum regex_result result = go_through(hunt, NULL, take_matching);

    for (unsigned depth = 0; result == REGEX_NO && hunt->named.count && depth < DEPTH_LIMIT; depth++) {
        struct number_map named = hunt->named;

        hunt->named = (struct number_map){0};
        program_mark_at(hunt->search.program, &named);
        result = go_through(hunt, &named, take_named);
    }
    return result;
}

static bool within_limits(struct probe *probe, const struct argument *parts)
{
    for (size_t part = PART_TEXTS; part <= PART_ARRAYS; part++)
        for (size_t i = 0; i < parts[part].count; i++)
            if (parts[part].numbers[i] < 0 || parts[part].numbers[i] > WORDS_LIMIT) {
                probe_refuse(probe, "records: the words of a structure are 0 to %d", WORDS_LIMIT);
                return false;
            }
    return true;
}

/* The words of the columns that most: speaks of. NULL: one of them is no number. */
static const int64_t *bounded_words(struct probe *probe, const struct argument *parts)
{
    const struct argument *most = &parts[PART_MOST], *numbers = &parts[PART_NUMBERS];
    int64_t *words = arena_alloc(probe->arena, (most->count + 1) * sizeof(*words));

    for (size_t i = 0; i < most->count; i++) {
        size_t number = 0;

        while (number < numbers->count && !text_equal(numbers->texts[number], most->texts[i]))
            number++;
        if (number == numbers->count) {
            probe_refuse(probe, "records: most: '%s' is no column of numbers", most->texts[i]);
            return NULL;
        }
        words[i] = numbers->numbers[number];
    }
    return words;
}

static enum verdict eval(struct probe *probe, const struct item *item)
{
    const struct argument *parts = probe->extract_arguments[0].sub;
    struct records_search hunt = {.search = program_search_new(probe, item, parts[PART_MATCH].regex)};

    hunt.bounded = within_limits(probe, parts) ? bounded_words(probe, parts) : NULL;
    if (!hunt.bounded)
        return VERDICT_UNKNOWN;
    enum verdict ready = program_search_open(&hunt.search);
    if (ready == VERDICT_YES) {
        const struct literal literal = literal_derive(probe->arena, regex_pattern(hunt.search.regex));
        ready = program_search_mark(&hunt.search, &literal);
    }
    if (ready != VERDICT_YES)
        return ready;
    return program_search_end(&hunt.search, take_structures(&hunt), "record");
}

static const char *const columns[] = {"text", NULL};

static const struct field parts[] = {
    {"match", FIELD_REGEX, FIELD_REQUIRED | FIELD_COLUMNS | FIELD_BINARY, NULL,
     "regular expression for the whole of the first of texts, by which structures are found", NULL},
    {"texts", FIELD_OFFSETS, FIELD_REQUIRED | FIELD_COLUMNS, NULL,
     "column: word of the structure that points to a text; all must", NULL},
    {"others", FIELD_OFFSETS, FIELD_COLUMNS, NULL, "column: word that points to a text or is zero", NULL},
    {"numbers", FIELD_OFFSETS, FIELD_COLUMNS, NULL, "column: word that is a number", NULL},
    {"bytes", FIELD_OFFSETS, FIELD_COLUMNS, NULL, "column: word whose first byte is a number", NULL},
    {"lists", FIELD_OFFSETS, FIELD_COLUMNS, NULL,
     "column: word that points to an array of pointers to texts, which are put one a line", NULL},
    {"arrays", FIELD_OFFSETS, FIELD_COLUMNS, NULL, "the same of words that must point to such an array or be zero",
     NULL},
    {"most", FIELD_OFFSETS, 0, NULL,
     "a column of numbers: the largest that it may be; what has more there, or a pointer, is no such structure", NULL},
    {"follow", FIELD_TEXT, 0, NULL,
     "a column of texts: structures that begin with its text are taken too, though they do not match", NULL},
    {"until", FIELD_NAMES, 0, NULL, "texts that are not followed", NULL},
    {0},
};

static const struct field fields[] = {
    {"records", FIELD_MAPPING, FIELD_REQUIRED, NULL, "what the structures look like", parts},
    {0},
};

const struct extract_kind extract_records = {
    .name = "records",
    .help = "One row a structure of pointers in the data of an ELF file, a column a text or number of it.",
    .fields = fields,
    .columns = columns,
    .flags = EXTRACT_TRAVELS,
    .eval = eval,
};
