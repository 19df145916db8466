/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source cpuid: what the processor says of itself. */
#include "probe/registry.h"
#include "probe/support.h"

#include <errno.h>
#include <string.h>

enum { ARGUMENT_LEAF, ARGUMENT_SUBLEAF };

static const char *const columns[] = {"eax", "ebx", "ecx", "edx", "text", NULL};

static const struct field fields[] = {
    {"cpuid", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_WHOLE, NULL, "number of the leaf", NULL},
    {"subleaf", FIELD_TEMPLATE, FIELD_WHOLE, NULL, "number of the subleaf; 0 unless given", NULL},
    {0},
};

/* The characters of ebx, ecx and edx, lowest byte first, without NULs. */
static char *register_text(struct arena *arena, const uint32_t registers[4])
{
    char *text = arena_alloc(arena, 3 * sizeof(uint32_t) + 1);
    size_t length = 0;

    for (size_t i = 1; i < 4; i++)
        for (unsigned shift = 0; shift < 32; shift += 8)
            if (registers[i] >> shift & 0xff)
                text[length++] = (char)(registers[i] >> shift & 0xff);
    return text;
}

static enum verdict add_registers(struct probe *probe, const uint32_t registers[4])
{
    const char *text = register_text(probe->arena, registers);
    struct item *item = probe_text_item(probe, text, strlen(text));

    if (!item)
        return VERDICT_UNKNOWN;
    for (size_t i = 0; i < 4; i++)
        row_set(probe->arena, item->row, columns[i], arena_printf(probe->arena, "0x%08x", registers[i]));
    return VERDICT_YES;
}

static enum verdict eval(struct probe *probe)
{
    uint64_t leaf, subleaf;
    uint32_t registers[4];
    const char *name;
    int error;

    if (!probe_number(probe, ARGUMENT_LEAF, UINT32_MAX, &leaf) ||
        !probe_number(probe, ARGUMENT_SUBLEAF, UINT32_MAX, &subleaf))
        return VERDICT_UNKNOWN;
    name = arena_printf(probe->arena, "cpuid leaf 0x%08x", (unsigned)leaf);
    error = root_cpuid(probe->root, (uint32_t)leaf, (uint32_t)subleaf, registers);
    if (error == -ENOENT) {
        probe_note(probe, name, "not there");
        return probe_no(probe, "%s: this processor has none", name);
    }
    if (error)
        return probe_error_live(probe, name, error);
    probe_note(probe, name, "0x%08x 0x%08x 0x%08x 0x%08x", registers[0], registers[1], registers[2], registers[3]);
    return add_registers(probe, registers);
}

const struct source_kind source_cpuid = {
    .name = "cpuid",
    .help = "The four registers of a leaf of the x86 instruction CPUID in hexadecimal, and the text in them.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_EXTRACT,
    .eval = eval,
};
