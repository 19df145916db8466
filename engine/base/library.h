/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Libraries that only some commands need, loaded on use. */
#ifndef HVPROBE_BASE_LIBRARY_H
#define HVPROBE_BASE_LIBRARY_H

#include "base/memory.h"

struct library_symbol {
    const char *name; /* NULL ends a list */
    void *target;     /* address of the pointer to fill in: to the function, or to the variable */
};
/* NULL: loaded, and stays so; else why not. */
const char *library_load(struct arena *arena, const char *soname, const struct library_symbol *symbols);

/*
 * Says in the program that it loads a library, for those who make packages of it: what is not linked is otherwise not
 * seen to be needed. priority is "required", "recommended" or "suggested".
 * Source: the "ELF dlopen metadata" of https://uapi-group.org/specifications/specs/elf_dlopen_metadata/
 */
#define LIBRARY_NOTE(soname, feature, description, priority)                                                           \
    static const struct {                                                                                              \
        uint32_t name_size, text_size, type;                                                                           \
        char name[4];                                                                                                  \
        _Alignas(uint32_t) char text[sizeof(LIBRARY_NOTE_TEXT(soname, feature, description, priority))];               \
    } library_note __attribute__((used, section(".note.dlopen"), aligned(sizeof(uint32_t)))) = {                       \
        sizeof("FDO"), sizeof(LIBRARY_NOTE_TEXT(soname, feature, description, priority)), 0x407c0c0a, "FDO",           \
        LIBRARY_NOTE_TEXT(soname, feature, description, priority)}
#define LIBRARY_NOTE_TEXT(soname, feature, description, priority)                                                      \
    "[{\"feature\":\"" feature "\",\"description\":\"" description "\",\"priority\":\"" priority                       \
    "\",\"soname\":[\"" soname "\"]}]"

#endif
