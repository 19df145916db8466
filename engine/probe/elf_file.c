/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Headers of an ELF file. */
#include "probe/elf_file.h"

#include "base/text.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEADER_SIZE = 64,
    SECTIONS_LIMIT = 8192, /* programs have some forty */
    NAMES_LIMIT = 1024 * 1024,
    NAME_LENGTH_LIMIT = 256,
    CACHE_SIZE = 4 * 1024,
};

struct elf_cache {
    uint64_t address; /* of the first byte, in the program's memory */
    size_t length;    /* of one section; 0: nothing was read */
    unsigned char bytes[CACHE_SIZE];
};

/* Where the fields of the two classes are: bytes from the start, and their size (0: a word). */
struct field_place {
    size_t wide, narrow, size;
};
static const struct field_place file_type = {16, 16, 2}, file_machine = {18, 18, 2}, table_offset = {40, 32, 0},
                                table_entry = {58, 46, 2}, table_count = {60, 48, 2}, names_index = {62, 50, 2};
static const struct field_place section_name = {0, 0, 4}, section_type = {4, 4, 4}, section_flags = {8, 8, 0},
                                section_address = {16, 12, 0}, section_offset = {24, 16, 0}, section_size = {32, 20, 0},
                                section_link = {40, 24, 4};
enum { WIDE_SECTION = 64, NARROW_SECTION = 40 };

int elf_pread(int descriptor, uint64_t offset, void *bytes, size_t size, size_t *ret_got)
{
    size_t got = 0;

    while (got < size && offset + got >= offset && offset + got <= INT64_MAX) {
        ssize_t more = pread(descriptor, (char *)bytes + got, size - got, (off_t)(offset + got));

        if (more < 0 && errno != EINTR)
            return -errno;
        if (more == 0)
            break;
        got += more > 0 ? (size_t)more : 0;
    }
    *ret_got = got;
    return 0;
}

uint64_t elf_number(const struct elf_file *file, const unsigned char *bytes, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number = number << 8 | bytes[file->big ? i : size - 1 - i];
    return number;
}

static uint64_t field(const struct elf_file *file, const unsigned char *structure, struct field_place place)
{
    size_t size = place.size ? place.size : elf_word_size(file);

    return elf_number(file, structure + (file->wide ? place.wide : place.narrow), size);
}

static bool is_elf(const unsigned char header[HEADER_SIZE], size_t length)
{
    return length >= HEADER_SIZE - 12 && !memcmp(header, ELFMAG, SELFMAG) &&
           (header[EI_CLASS] == ELFCLASS32 || header[EI_CLASS] == ELFCLASS64) &&
           (header[EI_DATA] == ELFDATA2LSB || header[EI_DATA] == ELFDATA2MSB);
}

/* The table of sections while it is read. */
struct section_table {
    struct arena *arena;
    struct elf_file *file;
    uint64_t file_size;
    unsigned char *entries;
    size_t entry_size;
    size_t count;
    char *names;
    size_t names_size;
};

static int read_entries(struct section_table *table, uint64_t offset, size_t count)
{
    size_t size = count * table->entry_size, got;
    int error;

    table->entries = arena_alloc(table->arena, size);
    error = elf_pread(table->file->descriptor, offset, table->entries, size, &got);
    table->count = got / table->entry_size;
    return error;
}

/* Where there are too many for the header, the first entry has their number. */
static int read_table(struct section_table *table, const unsigned char *header)
{
    const struct elf_file *file = table->file;
    uint64_t offset = field(file, header, table_offset), count = field(file, header, table_count);
    int error = 0;

    table->entry_size = (size_t)field(file, header, table_entry);
    if (!offset || offset >= table->file_size || table->entry_size != (file->wide ? WIDE_SECTION : NARROW_SECTION))
        return -ENOEXEC;
    if (!count) {
        error = read_entries(table, offset, 1);
        count = !error && table->count ? field(file, table->entries, section_size) : 0;
    }
    if (error)
        return error;
    return count && count <= SECTIONS_LIMIT ? read_entries(table, offset, (size_t)count) : -ENOEXEC;
}

static const unsigned char *entry_at(const struct section_table *table, size_t index)
{
    return table->entries + index * table->entry_size;
}

static int read_names(struct section_table *table, const unsigned char *header)
{
    const struct elf_file *file = table->file;
    uint64_t index = field(file, header, names_index);
    const unsigned char *entry;
    uint64_t size;

    if (index == SHN_XINDEX && table->count)
        index = field(file, entry_at(table, 0), section_link);
    if (index >= table->count)
        return 0;
    entry = entry_at(table, (size_t)index);
    size = field(file, entry, section_size);
    if (size > NAMES_LIMIT)
        return 0;
    table->names = arena_alloc(table->arena, (size_t)size + 1);
    return elf_pread(file->descriptor, field(file, entry, section_offset), table->names, (size_t)size,
                     &table->names_size);
}

static const char *name_of(const struct section_table *table, const unsigned char *entry)
{
    uint64_t start = field(table->file, entry, section_name);

    if (start >= table->names_size || strnlen(table->names + start, NAME_LENGTH_LIMIT) == NAME_LENGTH_LIMIT)
        return "";
    return table->names + start;
}

/* What has content, all of which is in the file. */
static void add_section(const struct section_table *table, const unsigned char *entry)
{
    struct elf_file *file = table->file;
    struct elf_section section = {
        .name = name_of(table, entry),
        .type = (uint32_t)field(file, entry, section_type),
        .flags = field(file, entry, section_flags),
        .address = field(file, entry, section_address),
        .offset = field(file, entry, section_offset),
        .size = field(file, entry, section_size),
    };

    if (section.type == SHT_NULL || section.type == SHT_NOBITS || !section.size || section.offset > table->file_size ||
        section.size > table->file_size - section.offset || section.address + section.size < section.address)
        return;
    file->sections[file->count++] = section;
}

static int compare_addresses(const void *left, const void *right)
{
    const struct elf_section *a = *(const struct elf_section *const *)left;
    const struct elf_section *b = *(const struct elf_section *const *)right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return a < b ? -1 : a > b;
}

static void take_sections(const struct section_table *table)
{
    struct elf_file *file = table->file;

    file->sections = arena_alloc(table->arena, table->count * sizeof(*file->sections));
    for (size_t i = 0; i < table->count; i++)
        add_section(table, entry_at(table, i));
    file->memory = arena_alloc(table->arena, file->count * sizeof(*file->memory));
    for (size_t i = 0; i < file->count; i++)
        if (file->sections[i].flags & SHF_ALLOC)
            file->memory[file->memory_count++] = &file->sections[i];
    qsort(file->memory, file->memory_count, sizeof(*file->memory), compare_addresses);
    file->cache = arena_new_object(table->arena, struct elf_cache);
}

int elf_read(struct arena *arena, int descriptor, struct elf_file *ret_file)
{
    unsigned char header[HEADER_SIZE] = {0};
    struct elf_file file = {.descriptor = descriptor};
    struct section_table table = {.arena = arena, .file = ret_file};
    struct stat status;
    size_t got;
    int error = fstat(descriptor, &status) < 0 ? -errno : elf_pread(descriptor, 0, header, sizeof(header), &got);

    if (error)
        return error;
    if (!is_elf(header, got))
        return -ENOEXEC;
    file.wide = header[EI_CLASS] == ELFCLASS64;
    file.big = header[EI_DATA] == ELFDATA2MSB;
    file.fixed = field(&file, header, file_type) == ET_EXEC;
    file.mips64 = file.wide && field(&file, header, file_machine) == EM_MIPS;
    *ret_file = file;
    table.file_size = (uint64_t)status.st_size;
    error = read_table(&table, header);
    if (!error)
        error = read_names(&table, header);
    if (!error)
        take_sections(&table);
    return error ? error : ret_file->count ? 0 : -ENOEXEC;
}

/* The compiler's tables, which hold neither text nor anybody's structures. */
static bool is_table(const struct elf_section *section)
{
    static const char *const starts[] = {".eh_frame", ".gcc_except_table", ".got", ".plt", ".note"};

    for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
        if (text_starts(section->name, starts[i]))
            return true;
    return false;
}

bool elf_holds_data(const struct elf_section *section)
{
    return section->type == SHT_PROGBITS && section->flags & SHF_ALLOC && !(section->flags & SHF_EXECINSTR) &&
           !is_table(section);
}

bool elf_holds_text(const struct elf_section *section)
{
    if (section->type == SHT_STRTAB)
        return (section->flags & SHF_ALLOC) != 0;
    return elf_holds_data(section) && !text_starts(section->name, ".data.rel.ro");
}

const struct elf_section *elf_section_at(const struct elf_file *file, uint64_t address)
{
    size_t low = 0, high = file->memory_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (file->memory[middle]->address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || address - file->memory[low - 1]->address >= file->memory[low - 1]->size)
        return NULL;
    return file->memory[low - 1];
}

/* With what stands from an address on, as far as its section goes. */
static bool fill_cache(const struct elf_file *file, uint64_t address)
{
    const struct elf_section *section = elf_section_at(file, address);
    struct elf_cache *cache = file->cache;
    uint64_t inside = section ? address - section->address : 0, rest = section ? section->size - inside : 0;

    cache->length = 0;
    cache->address = address;
    return section && !elf_pread(file->descriptor, section->offset + inside, cache->bytes,
                                 rest < sizeof(cache->bytes) ? (size_t)rest : sizeof(cache->bytes), &cache->length);
}

bool elf_bytes(const struct elf_file *file, uint64_t address, unsigned char *bytes, size_t size)
{
    struct elf_cache *cache = file->cache;
    const uint64_t inside = address - cache->address;

    if (inside <= cache->length && cache->length - inside >= size) {
        memcpy(bytes, cache->bytes + inside, size);
        return true;
    }
    if (!fill_cache(file, address) || cache->length < size)
        return false;
    memcpy(bytes, cache->bytes, size);
    return true;
}
