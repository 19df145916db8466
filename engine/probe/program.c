/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The programs that a run has looked at last. */
#include "probe/program.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SMALL_FILE = 1024 * 1024, FIRST_MARKED = 256 };

struct programs {
    struct program *large, *small; /* NULL: none was read */
};

static void program_free(struct program *program)
{
    if (!program)
        return;
    if (program->file.descriptor >= 0)
        close(program->file.descriptor);
    elf_pointers_free(&program->pointers);
    text_blocks_free(&program->texts);
    free(program->marked);
    arena_free(program->arena);
}

static void free_programs(void *object)
{
    struct programs *programs = object;

    program_free(programs->large);
    program_free(programs->small);
}

static struct programs *programs_of(struct probe *probe)
{
    if (!*probe->programs) {
        *probe->programs = arena_new_object(probe->arena, struct programs);
        arena_defer(probe->arena, free_programs, *probe->programs);
    }
    return *probe->programs;
}

static uint64_t size_of(const struct program *program)
{
    uint64_t size = 0;

    for (size_t i = 0; i < program->file.count; i++)
        size += program->file.sections[i].size;
    return size;
}

/* Keeps a program in the place of one of its kind. That goes, and leaves it its room: to get as much from the system
 * again takes longer than to read a program. */
static void keep(struct programs *programs, struct program *program)
{
    struct program **place = size_of(program) < SMALL_FILE ? &programs->small : &programs->large, *old = *place;

    *place = program;
    if (!old)
        return;
    program->pointers = old->pointers;
    program->pointers.count = 0;
    program->texts.room = old->texts.room;
    program->texts.capacity = old->texts.capacity;
    program->marked = old->marked;
    program->marked_capacity = old->marked_capacity;
    old->pointers = (struct elf_pointers){0};
    old->texts.room = NULL;
    old->marked = NULL;
    program_free(old);
}

static struct program *find_path(const struct programs *programs, const char *path)
{
    if (programs->large && text_equal(programs->large->path, path))
        return programs->large;
    return programs->small && text_equal(programs->small->path, path) ? programs->small : NULL;
}

/* One file has many names, where programs look at what they are called by. */
static struct program *find_file(const struct programs *programs, int descriptor)
{
    struct program *const kept[] = {programs->large, programs->small};
    struct stat status, other;

    for (size_t i = 0; i < ARRAY_SIZE(kept) && fstat(descriptor, &status) == 0; i++)
        if (kept[i] && fstat(kept[i]->file.descriptor, &other) == 0 && status.st_dev == other.st_dev &&
            status.st_ino == other.st_ino)
            return kept[i];
    return NULL;
}

/* Takes over the descriptor. */
static int program_new(int descriptor, const char *path, struct program **ret_program)
{
    struct arena *arena = arena_new();
    struct program *program = *ret_program = arena_new_object(arena, struct program);
    int error;

    program->arena = arena;
    program->path = arena_strdup(arena, path);
    error = elf_read(arena, descriptor, &program->file);
    program->file.descriptor = descriptor;
    if (!error)
        error = text_blocks_choose(arena, &program->file, &program->texts);
    if (error)
        program_free(program);
    return error;
}

int program_open(struct probe *probe, const char *path, struct program **ret_program)
{
    struct programs *programs = programs_of(probe);
    int descriptor, error;

    if ((*ret_program = find_path(programs, path)))
        return 0;
    error = root_open_file(probe->root, path, &descriptor);
    if (error)
        return error;
    if ((*ret_program = find_file(programs, descriptor))) {
        close(descriptor);
        return 0;
    }
    error = program_new(descriptor, path, ret_program);
    if (!error)
        keep(programs, *ret_program);
    return error;
}

enum verdict program_failed(struct probe *probe, const char *path, int error)
{
    if (error == -ENOEXEC)
        return probe_no(probe, "%s: is no ELF file with sections", path);
    return probe_error(probe, path, error);
}

static void add_marked(struct program *program, size_t number)
{
    if (program->marked_count == program->marked_capacity) {
        program->marked_capacity = program->marked_capacity ? 2 * program->marked_capacity : FIRST_MARKED;
        program->marked = memory_take(program->marked, program->marked_capacity * sizeof(*program->marked));
    }
    program->marked[program->marked_count++] = (uint32_t)number;
}

/* Takes those of some pointers that lead to marked texts. There are a hundred thousand in a large program. */
static void find_marked(void *context, size_t start, size_t end)
{
    struct program *program = context;
    const struct elf_pointer *pointers = program->pointers.items;
    const bool *marks = program->texts.marks;

    if (start == 0)
        program->marked_count = 0;
    for (size_t i = start; i < end; i++)
        if (text_marked(marks, pointers[i].to) && elf_pointer_leads(&program->pointers, &pointers[i]) &&
            text_blocks_has(&program->texts, pointers[i].to))
            add_marked(program, i);
}

int program_mark(struct program *program, const struct literal *literal)
{
    int error = text_blocks_mark(&program->file, &program->texts, literal);

    program->marked_count = 0;
    if (error || !program->texts.marked)
        return error;
    if (program->has_pointers) {
        find_marked(program, 0, program->pointers.count);
        return 0;
    }
    error = elf_pointers_read(&program->file, &program->pointers, find_marked, program);
    program->has_pointers = !error;
    return error;
}

void program_mark_at(struct program *program, const struct number_map *addresses)
{
    text_blocks_mark_at(&program->texts, addresses);
    find_marked(program, 0, program->pointers.count);
}

const char *program_text(struct program *program, uint64_t address, size_t *ret_length)
{
    uint64_t to;

    if (!elf_pointer_at(&program->pointers, address, &to))
        return NULL;
    return text_blocks_at(&program->texts, to, ret_length);
}

bool program_word_within(struct program *program, uint64_t address, uint64_t most)
{
    size_t size = elf_word_size(&program->file);
    unsigned char bytes[8];
    uint64_t to;

    return elf_bytes(&program->file, address, bytes, size) && elf_word(&program->file, bytes) <= most &&
           !elf_pointer_at(&program->pointers, address, &to);
}
