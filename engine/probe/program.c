/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The programs that a run has looked at last. */
#include "probe/program.h"

#include "base/text.h"

#include <errno.h>
#include <unistd.h>

enum { SMALL_FILE = 1024 * 1024 };

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

static void find_text_pointers(struct program *program)
{
    const struct elf_pointers *pointers = &program->pointers;
    const uint64_t start = program->texts.start, span = program->texts.end - start;
    size_t count = 0;

    program->text_pointers = arena_alloc(program->arena, pointers->count * sizeof(*program->text_pointers));
    for (size_t i = 0; i < pointers->count; i++) {
        program->text_pointers[count] = (uint32_t)i;
        count += pointers->items[i].to - start < span;
    }
    program->text_pointer_count = count;
}

static int program_read(struct root *root, struct program *program)
{
    int error = root_open_file(root, program->path, &program->file.descriptor);

    if (!error)
        error = elf_read(program->arena, program->file.descriptor, &program->file);
    if (!error)
        error = text_blocks_read(program->arena, &program->file, &program->texts);
    if (!error)
        error = elf_pointers_read(&program->file, &program->pointers);
    if (!error)
        find_text_pointers(program);
    return error;
}

static uint64_t size_of(const struct program *program)
{
    uint64_t size = 0;

    for (size_t i = 0; i < program->file.count; i++)
        size += program->file.sections[i].size;
    return size;
}

int program_open(struct probe *probe, const char *path, struct program **ret_program)
{
    struct programs *programs = programs_of(probe);
    struct arena *arena;
    struct program *program, **place;
    int error;

    if (programs->large && text_equal(programs->large->path, path))
        return *ret_program = programs->large, 0;
    if (programs->small && text_equal(programs->small->path, path))
        return *ret_program = programs->small, 0;
    arena = arena_new();
    program = arena_new_object(arena, struct program);
    *program = (struct program){.arena = arena, .path = arena_strdup(arena, path), .file = {.descriptor = -1}};
    error = program_read(probe->root, program);
    if (error) {
        program_free(program);
        return error;
    }
    place = size_of(program) < SMALL_FILE ? &programs->small : &programs->large;
    program_free(*place);
    *ret_program = *place = program;
    return 0;
}

enum verdict program_failed(struct probe *probe, const char *path, int error)
{
    if (error == -ENOEXEC)
        return probe_no(probe, "%s: is no ELF file with sections", path);
    return probe_error(probe, path, error);
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
