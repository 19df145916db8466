/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arrays of equal structures in an ELF file's data, each of which begins with a pointer to its name.
 *
 * How large a structure is changes with releases of a program, so the array is found by names that are in it, and the
 * size is the one by which most elements are found. Words are counted from the beginning, or from the end where what
 * lies between grows.
 */
#include "base/number_map.h"
#include "base/text.h"
#include "probe/literal.h"
#include "probe/program_search.h"
#include "probe/registry.h"

#include <ctype.h>
#include <elf.h>

enum {
    PART_MATCH,
    PART_ANCHORS,
    PART_LEAST,
    PART_MOST,
    PART_TEXTS,
    PART_NUMBERS,
    PART_LETTERS,
    PART_OTHERS,
    PART_COUNTED
};
enum {
    WORDS_LIMIT = 512, /* of an element */
    ELEMENTS_LIMIT = 4096,
    LETTERS_LIMIT = 64, /* of a text in an element */
    COUNTED_WORDS = 8,  /* of an element of an array that is counted */
};

/* An array: where its first element is and how many there are of how many bytes. */
struct array {
    uint64_t first;
    uint64_t size;
    size_t count;
};

struct tour {
    struct program_search search;
    struct number_map seen; /* elements that have a row */
};

static uint64_t bytes_of(const struct tour *tour, int64_t words)
{
    return (uint64_t)words * elf_word_size(&tour->search.program->file);
}

/* The name of the element at an address, with its groups; NULL: there is none. */
static const char *name_at(const struct tour *tour, uint64_t address, struct regex_span *ret_whole)
{
    size_t length;
    const char *text = program_text(tour->search.program, address, &length);

    if (text == NULL)
        return NULL;
    const enum regex_result result = program_search_match(&tour->search, text, length, ret_whole, tour->search.groups);
    return result == REGEX_YES ? text : NULL;
}

/* Where functions are nobody asks the pointers, so a word that leads there is what the file has in its place: that, or
 * zero. */
static bool is_other(const struct tour *tour, uint64_t word)
{
    const struct elf_file *file = &tour->search.program->file;
    const struct elf_section *section;
    unsigned char bytes[8];
    uint64_t to;
    size_t length;

    if (elf_pointer_at(&tour->search.program->pointers, word, &to))
        return text_blocks_at(&tour->search.program->texts, to, &length) == NULL;
    if (!elf_bytes(file, word, bytes, elf_word_size(file)))
        return false;
    to = elf_word(file, bytes);
    section = to != 0 ? elf_section_at(file, to) : NULL;
    return to == 0 || (section != NULL && (section->flags & SHF_EXECINSTR) != 0);
}

/* How many printable characters there are at an address, up to a NUL. 0: something else. */
static size_t read_letters(const struct tour *tour, uint64_t address, char letters[LETTERS_LIMIT])
{
    size_t length = 0;

    while (length < LETTERS_LIMIT &&
           elf_bytes(&tour->search.program->file, address + length, (unsigned char *)letters + length, 1) &&
           isprint((unsigned char)letters[length]))
        length++;
    return length < LETTERS_LIMIT && letters[length] == '\0' ? length : 0;
}

/* Are the words that are to be numbers no pointers, those that are to lead elsewhere no texts and no numbers, and are
 * there the texts that are to stand in it? */
static bool has_parts(const struct tour *tour, uint64_t element, uint64_t size)
{
    const struct argument *numbers = &tour->search.parts[PART_NUMBERS], *others = &tour->search.parts[PART_OTHERS];
    const struct argument *letters = &tour->search.parts[PART_LETTERS];
    char room[LETTERS_LIMIT];
    uint64_t to;

    for (size_t i = 0; i < letters->count; i++)
        if (read_letters(tour, element + bytes_of(tour, 1) + (uint64_t)letters->numbers[i], room) == 0)
            return false;
    for (size_t i = 0; i < numbers->count; i++)
        if (elf_pointer_at(&tour->search.program->pointers, element + bytes_of(tour, numbers->numbers[i]), &to))
            return false;
    for (size_t i = 0; i < others->count; i++)
        if (!is_other(tour, element + size - bytes_of(tour, others->numbers[i])))
            return false;
    return true;
}

static bool is_element(const struct tour *tour, uint64_t address, uint64_t size)
{
    struct regex_span whole;

    return name_at(tour, address, &whole) != NULL && has_parts(tour, address, size);
}

/* The array of elements of a size that one at an address is in. */
static struct array array_around(const struct tour *tour, uint64_t address, uint64_t size)
{
    struct array array = {.first = address, .size = size, .count = is_element(tour, address, size)};

    while (array.count > 0 && array.count < ELEMENTS_LIMIT && is_element(tour, array.first - size, size)) {
        array.first -= size;
        array.count++;
    }
    while (array.count > 0 && array.count < ELEMENTS_LIMIT && is_element(tour, array.first + array.count * size, size))
        array.count++;
    return array;
}

/* The largest array that one of the pointers to a text is in; of none there is none. */
static struct array array_with(struct tour *tour, const char *anchor)
{
    struct program *program = tour->search.program;
    struct array best = {0, 0, 0};
    size_t length;

    for (size_t i = 0; i < program->marked_count; i++) {
        const uint64_t at = program->pointers.items[program->marked[i]].at;

        if (!text_equal(program_text(program, at, &length), anchor))
            continue;
        for (int64_t words = tour->search.parts[PART_LEAST].number; words <= tour->search.parts[PART_MOST].number;
             words++) {
            const struct array array = array_around(tour, at, bytes_of(tour, words));
            best = array.count > best.count ? array : best;
        }
    }
    return best;
}

static void set_letters(struct tour *tour, uint64_t element, struct row *row)
{
    const struct argument *letters = &tour->search.parts[PART_LETTERS];

    for (size_t i = 0; i < letters->count; i++) {
        char room[LETTERS_LIMIT];
        const uint64_t address = element + bytes_of(tour, 1) + (uint64_t)letters->numbers[i];
        const size_t length = read_letters(tour, address, room);

        row_set(tour->search.probe->arena, row, letters->texts[i],
                arena_strndup(tour->search.probe->arena, room, length));
    }
}

/* How many elements of a size there are that begin with the numbers 1, 2, 3 ... of four bytes. */
static size_t counted_at(const struct tour *tour, uint64_t array, uint64_t size)
{
    const struct elf_file *file = &tour->search.program->file;
    unsigned char bytes[4];
    size_t count = 0;

    while (count < ELEMENTS_LIMIT && elf_bytes(file, array + count * size, bytes, sizeof(bytes)) &&
           elf_number(file, bytes, sizeof(bytes)) == count + 1)
        count++;
    return count;
}

/* "NUMBER TEXT" a line, the text being what the word behind the number points to. NULL: nothing is counted there. */
static const char *counted_list(struct tour *tour, uint64_t array)
{
    AUTO(buf_free) struct buf list = BUF_INIT;
    uint64_t size = 0;
    size_t count = 0, length;

    for (int64_t words = 2; words <= COUNTED_WORDS; words++) {
        const size_t found = counted_at(tour, array, bytes_of(tour, words));
        size = found > count ? bytes_of(tour, words) : size;
        count = found > count ? found : count;
    }
    for (size_t i = 0; i < count; i++) {
        const char *text = program_text(tour->search.program, array + i * size + bytes_of(tour, 1), &length);
        buf_printf(&list, "%s%zu%s", i > 0 ? "\n" : "", i + 1, text != NULL && length > 0 ? " " : "");
        buf_add(&list, text != NULL ? text_sanitise(tour->search.probe->arena, text, length) : "");
    }
    return list.length > 0 ? arena_strdup(tour->search.probe->arena, buf_text(&list)) : NULL;
}

static void set_counted(struct tour *tour, uint64_t end, struct row *row)
{
    const struct argument *counted = &tour->search.parts[PART_COUNTED];

    for (size_t i = 0; i < counted->count; i++) {
        const uint64_t word = end - bytes_of(tour, counted->numbers[i]);
        uint64_t array;
        const char *list =
            elf_pointer_at(&tour->search.program->pointers, word, &array) ? counted_list(tour, array) : NULL;

        row_unset(tour->search.probe->arena, row, counted->texts[i]);
        if (list != NULL)
            row_set(tour->search.probe->arena, row, counted->texts[i], list);
    }
}

/* False: the row limit is reached. */
static bool add_element(struct tour *tour, uint64_t element, uint64_t size)
{
    struct probe *probe = tour->search.probe;
    struct regex_span whole;

    if (number_map_has(&tour->seen, element) || name_at(tour, element, &whole) == NULL)
        return true;
    number_map_put(probe->arena, &tour->seen, element, NULL);
    struct row *row = program_search_row(&tour->search, &whole, element);
    if (row == NULL)
        return false;
    program_search_texts(&tour->search, PART_TEXTS, element, row);
    program_search_numbers(&tour->search, PART_NUMBERS, elf_word_size(&tour->search.program->file), element, row);
    set_letters(tour, element, row);
    set_counted(tour, element + size, row);
    return true;
}

/* One element alone is none: anything that points to the name would be. */
static bool add_array(struct tour *tour, const struct array *array)
{
    for (size_t i = 0; array->count > 1 && i < array->count; i++)
        if (!add_element(tour, array->first + i * array->size, array->size))
            return false;
    return true;
}

static bool within_limits(struct probe *probe, const struct argument *parts)
{
    const int64_t least = parts[PART_LEAST].number, most = parts[PART_MOST].number;

    if (least >= 1 && least <= most && most <= WORDS_LIMIT)
        return true;
    probe_refuse(probe, "array: least and most are 1 to %d words, and most is not less than least", WORDS_LIMIT);
    return false;
}

static enum verdict eval(struct probe *probe, const struct item *item)
{
    const struct argument *parts = probe->extract_arguments[0].sub, *anchors = &parts[PART_ANCHORS];
    struct tour tour = {.search = program_search_new(probe, item, parts[PART_MATCH].regex)};

    if (!within_limits(probe, parts))
        return VERDICT_UNKNOWN;
    const enum verdict opened = program_search_open(&tour.search);
    if (opened != VERDICT_YES)
        return opened;
    for (size_t i = 0; i < anchors->count; i++) {
        const struct literal anchor = {.bytes = anchors->texts[i], .length = strlen(anchors->texts[i])};
        const enum verdict marked = program_search_mark(&tour.search, &anchor);
        if (marked != VERDICT_YES)
            return marked;
        const struct array array = array_with(&tour, anchor.bytes);
        if (!add_array(&tour, &array))
            return program_search_end(&tour.search, REGEX_YES, NULL);
    }
    return program_search_end(&tour.search, REGEX_NO, "element");
}

static const char *const columns[] = {"text", NULL};

static const struct field parts[] = {
    {"match", FIELD_REGEX, FIELD_REQUIRED | FIELD_COLUMNS | FIELD_BINARY, NULL,
     "regular expression for the whole text that the first word of an element points to", NULL},
    {"anchors", FIELD_NAMES, FIELD_REQUIRED, NULL, "such texts by which arrays are found, one array each", NULL},
    {"least", FIELD_NUMBER, FIELD_REQUIRED, NULL,
     "words of an element at least; of all sizes the one counts that gives most elements", NULL},
    {"most", FIELD_NUMBER, FIELD_REQUIRED, NULL, "words of an element at most", NULL},
    {"texts", FIELD_OFFSETS, FIELD_COLUMNS, NULL, "column: word that points to a text, or does not", NULL},
    {"numbers", FIELD_OFFSETS, FIELD_COLUMNS, NULL, "column: word that is a number", NULL},
    {"letters", FIELD_OFFSETS, FIELD_COLUMNS, NULL,
     "column: bytes between the first word and a text that stands in the element itself; what has none is no element",
     NULL},
    {"others", FIELD_OFFSETS, 0, NULL,
     "name: word, counted from the end, that points to something else than a text, or is zero", NULL},
    {"counted", FIELD_OFFSETS, FIELD_COLUMNS, NULL,
     "column: word, counted from the end, that points to an array whose elements begin with 1, 2, 3 ...; one a line, "
     "with the text that the word behind it points to",
     NULL},
    {0},
};

static const struct field fields[] = {
    {"array", FIELD_MAPPING, FIELD_REQUIRED, NULL, "what its elements look like", parts},
    {0},
};

const struct extract_kind extract_array = {
    .name = "array",
    .help = "One row an element of an array in the data of an ELF file, a column a text of it.",
    .fields = fields,
    .columns = columns,
    .flags = EXTRACT_TRAVELS,
    .eval = eval,
};
