/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From an extract's arguments to rows about structures in a program. */
#include "probe/program_search.h"

#include "base/text.h"

#include <inttypes.h>

struct program_search program_search_new(struct probe *probe, const struct item *item, const struct regex *regex)
{
    return (struct program_search){.probe = probe,
                                   .item = item,
                                   .parts = probe->extract_arguments[0].sub,
                                   .regex = regex,
                                   .before = probe->rows.count};
}

enum verdict program_search_open(struct program_search *search)
{
    struct probe *probe = search->probe;
    const struct item *item = search->item;

    if (!item->path || item->text)
        return probe_no(probe, "%s: is no file", probe_item_name(item));
    search->groups = arena_alloc(probe->arena, (regex_group_count(search->regex) + 1) * sizeof(*search->groups));
    const int error = program_open(probe, item->path, &search->program);
    return error ? program_failed(probe, item->path, error) : VERDICT_YES;
}

enum verdict program_search_mark(struct program_search *search, const struct literal *literal)
{
    const int error = program_mark(search->program, literal);

    return error ? program_failed(search->probe, search->item->path, error) : VERDICT_YES;
}

enum regex_result program_search_match(const struct program_search *search, const char *text, size_t length,
                                       struct regex_span *ret_whole, struct regex_span *groups)
{
    AUTO(regex_scan_cleanup) struct regex_scan *scan = regex_scan_new(search->regex, text, length);
    const enum regex_result result = regex_scan_next(scan, ret_whole, groups);

    return result == REGEX_YES && (ret_whole->start != text || ret_whole->length != length) ? REGEX_NO : result;
}

/* "/bin/program, .data at 0x4010": where in the file it stands, for people. */
static const char *place_of(const struct program_search *search, uint64_t address)
{
    const struct elf_section *section = elf_section_at(&search->program->file, address);

    if (!section)
        return search->item->path;
    return arena_printf(search->probe->arena, "%s, %s at 0x%" PRIx64, search->item->path, section->name,
                        section->offset + (address - section->address));
}

struct row *program_search_row(struct program_search *search, const struct regex_span *whole, uint64_t address)
{
    struct probe *probe = search->probe;

    if (!probe_match_row(probe, search->item, search->regex, whole, search->groups, 0))
        return NULL;
    struct row *row = probe->rows.items[probe->rows.count - 1];
    if (probe->trace)
        row->path = place_of(search, address);
    return row;
}

void program_search_texts(struct program_search *search, size_t part, uint64_t structure, struct row *row)
{
    const struct argument *texts = &search->parts[part];
    struct arena *arena = search->probe->arena;

    for (size_t i = 0; i < texts->count; i++) {
        size_t length = 0;
        const char *text =
            program_text(search->program, program_search_word(search, structure, texts->numbers[i]), &length);

        row_unset(arena, row, texts->texts[i]);
        if (text)
            row_set(arena, row, texts->texts[i], text_sanitise(arena, text, length));
    }
}

void program_search_numbers(struct program_search *search, size_t part, size_t size, uint64_t structure,
                            struct row *row)
{
    const struct argument *numbers = &search->parts[part];
    const struct elf_file *file = &search->program->file;
    struct arena *arena = search->probe->arena;

    for (size_t i = 0; i < numbers->count; i++) {
        unsigned char bytes[8];

        row_unset(arena, row, numbers->texts[i]);
        if (elf_bytes(file, program_search_word(search, structure, numbers->numbers[i]), bytes, size))
            row_set(arena, row, numbers->texts[i], arena_printf(arena, "%" PRIu64, elf_number(file, bytes, size)));
    }
}

enum verdict program_search_end(struct program_search *search, enum regex_result result, const char *what)
{
    if (result == REGEX_YES)
        return probe_drop_rows(search->probe, search->before);
    if (result != REGEX_NO)
        return probe_regex_failed(search->probe, search->item, result, search->before);
    return probe_found(search->probe, search->item, search->before, what);
}
