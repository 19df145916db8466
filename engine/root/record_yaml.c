/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snapshot.yaml of a recording. One record a line, so that people can read and compare them. */
#include "base/text.h"
#include "root/errors.h"
#include "root/recording.h"

#include <errno.h>
#include <string.h>
#include <time.h>

static void add_escaped(struct buf *out, unsigned char character)
{
    switch (character) {
    case '\n':
        buf_add(out, "\\n");
        break;
    case '"':
    case '\\':
        buf_char(out, '\\');
        buf_char(out, (char)character);
        break;
    default:
        if (character < 0x20 || character == 0x7f) {
            buf_printf(out, "\\x%02x", character);
        } else {
            buf_char(out, (char)character);
        }
    }
}

static void add_quoted(struct arena *arena, struct buf *out, const char *text, size_t length)
{
    const char *clean = text_sanitise(arena, text, length);

    buf_char(out, '"');
    for (; *clean; clean++) {
        add_escaped(out, (unsigned char)*clean);
    }
    buf_char(out, '"');
}

/* Paths mostly need no quotes. */
static void add_path(struct arena *arena, struct buf *out, const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-";

    if (path[strspn(path, plain)] == '\0') {
        buf_add(out, path);
    } else {
        add_quoted(arena, out, path, strlen(path));
    }
}

static void add_uname(struct root *root, struct buf *out)
{
    const struct recording *recording = root->state;
    const struct root_uname *names = &recording->uname;
    const char *pairs[][2] = {
        {"sysname", names->sysname}, {"nodename", names->nodename}, {"release", names->release},
        {"version", names->version}, {"machine", names->machine},
    };

    if (!recording->has_uname) {
        return;
    }
    if (recording->redaction) {
        pairs[1][1] = "redacted";
    }
    buf_add(out, "uname: {");
    for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
        buf_printf(out, "%s%s: ", i > 0 ? ", " : "", pairs[i][0]);
        add_quoted(root->arena, out, pairs[i][1], strlen(pairs[i][1]));
    }
    buf_add(out, "}\n");
}

static void add_cpuid(struct root *root, struct buf *out)
{
    const struct recording *recording = root->state;

    if (recording->cpuid_asked)
        buf_add(out, recording->cpuid.count > 0 ? "cpuid:\n" : "cpuid: []\n");
    for (size_t i = 0; i < recording->cpuid.count; i++) {
        const struct cpuid_record *record = recording->cpuid.entries[i].value;

        buf_printf(out, "  - {leaf: 0x%08x, subleaf: %u, eax: 0x%08x, ebx: 0x%08x, ecx: 0x%08x, edx: 0x%08x}\n",
                   record->leaf, record->subleaf, record->registers[0], record->registers[1], record->registers[2],
                   record->registers[3]);
    }
}

/* A file is below root/ only with its content. */
static bool is_stored(const struct recording *recording, const struct recorded_path *entry)
{
    enum root_type type = entry->status.type;

    return entry->exists && (type == ROOT_DIR || type == ROOT_LINK || recording_stores(recording, entry));
}

/* What reading says by itself, from the type or the access. */
static bool is_plain_error(const struct recorded_path *entry)
{
    switch (entry->read_error) {
    case 0:
    case -EISDIR:
    case -ENOTDIR:
    case -ENOTSUP:
    case -EACCES:
        return true;
    default:
        return entry->content != NULL || entry->opened > 0 || entry->rows.count > 0 || entry->listed;
    }
}

static bool needs_node(const struct recording *recording, const struct recorded_path *entry)
{
    bool is_file = entry->status.type == ROOT_FILE;

    if (entry->hidden) {
        return false;
    }
    if (!entry->exists) {
        return entry->error < 0;
    }
    if (!is_stored(recording, entry) || entry->access || entry->read_error == -EACCES || !is_plain_error(entry)) {
        return entry->status.type != ROOT_LINK;
    }
    if (entry->status.type == ROOT_LINK || !entry->asked) {
        return false;
    }
    return (is_file && entry->content && entry->length != entry->status.size) || (entry->status.mode & ~0777U) ||
           (entry->status.mode & 0700) < (is_file ? 0400U : 0700U);
}

static void add_node(struct root *root, struct buf *out, const struct recorded_path *entry)
{
    const char *access = entry->access;

    buf_add(out, "  - {path: ");
    add_path(root->arena, out, entry->path);
    if (!entry->exists) {
        buf_printf(out, ", error: %s}\n", error_name(-entry->error));
        return;
    }
    buf_printf(out, ", type: %s, mode: '%04o'", root_type_name(entry->status.type), entry->status.mode);
    if (entry->read_error == -EACCES && !access) {
        access = "wx";
    }
    if (access) {
        buf_printf(out, ", access: %s", *access ? access : "''");
    }
    if (entry->status.size > 0 || entry->status.type == ROOT_FILE) {
        buf_printf(out, ", size: %llu", (unsigned long long)entry->status.size);
    }
    if (entry->status.has_group) {
        buf_printf(out, ", group: %u", (unsigned)entry->status.group);
    }
    if (!is_plain_error(entry)) {
        buf_printf(out, ", error: %s", error_name(-entry->read_error));
    }
    buf_add(out, "}\n");
}

static void add_nodes(struct root *root, struct buf *out)
{
    const struct recording *recording = root->state;
    bool first = true;

    for (size_t i = 0; i < recording->entries.count; i++) {
        const struct recorded_path *entry = recording->entries.entries[i].value;

        if (!needs_node(recording, entry)) {
            continue;
        }
        buf_add(out, first ? "nodes:\n" : "");
        add_node(root, out, entry);
        first = false;
    }
}

static void add_ioctls(struct root *root, struct buf *out)
{
    const struct recording *recording = root->state;

    buf_add(out, recording->ioctls.count > 0 ? "ioctl:\n" : "");
    for (size_t i = 0; i < recording->ioctls.count; i++) {
        const struct ioctl_record *record = recording->ioctls.entries[i].value;

        buf_add(out, "  - {path: ");
        add_path(root->arena, out, record->path);
        buf_printf(out, ", request: 0x%lx, argument: %lu, ", record->request, record->argument);
        if (record->error < 0) {
            buf_printf(out, "error: %s}\n", error_name(-record->error));
        } else {
            buf_printf(out, "result: %ld}\n", record->result);
        }
    }
}

/* A list of mappings, without what is unset: {text: "…", name: "…"}. */
static void add_row(struct root *root, struct buf *out, const struct root_rows *rows, size_t row)
{
    const char *comma = "";

    buf_add(out, "      - {");
    for (size_t i = 0; i < rows->columns; i++) {
        const char *cell = rows->cells[row * rows->columns + i];

        if (cell) {
            buf_printf(out, "%s%s: ", comma, rows->names[i]);
            add_quoted(root->arena, out, cell, strlen(cell));
            comma = ", ";
        }
    }
    buf_add(out, "}\n");
}

/* Can they stand in a block of text, in which YAML quotes nothing? */
static bool is_plain_text(const struct root_rows *rows)
{
    for (size_t i = 0; i < rows->count * rows->columns; i++) {
        for (const char *at = rows->cells[i] ? rows->cells[i] : ""; *at; at++) {
            unsigned char byte = (unsigned char)*at;
            if (byte >= 0x7f || (byte < 0x20 && byte != '\n' && byte != '\t'))
                return false;
        }
    }
    return rows->columns > 0;
}

static void add_cell(struct buf *out, const char *cell)
{
    for (const char *special; *(special = cell + strcspn(cell, "\\\n\t")); cell = special + 1) {
        buf_add_n(out, cell, (size_t)(special - cell));
        buf_add(out, *special == '\\' ? "\\\\" : *special == '\n' ? "\\n" : "\\t");
    }
    buf_add(out, cell);
}

/* As a block: reading 3,000 mappings takes longer than all else that is asked of a host. */
static void add_table(struct buf *out, const struct root_rows *rows)
{
    buf_add(out, " |\n      ");
    for (size_t i = 0; i < rows->columns; i++) {
        buf_printf(out, "%s%s", i > 0 ? "\t" : "", rows->names[i]);
    }
    for (size_t i = 0; i < rows->count * rows->columns; i++) {
        buf_add(out, i % rows->columns == 0 ? "\n      " : "\t");
        if (rows->cells[i])
            add_cell(out, rows->cells[i]);
        else
            buf_add(out, UNSET_CELL);
    }
    buf_char(out, '\n');
}

static void add_extract(struct root *root, struct buf *out, const struct recorded_path *entry,
                        const struct rows_record *record)
{
    const struct root_rows *rows = &record->rows;

    buf_add(out, "  - path: ");
    add_path(root->arena, out, entry->path);
    buf_printf(out, "\n    size: %llu\n    digest: %s\n", (unsigned long long)entry->status.size, record->digest);
    if (rows->count == 0) {
        buf_add(out, "    nothing: ");
        add_quoted(root->arena, out, rows->reason ? rows->reason : "", rows->reason ? strlen(rows->reason) : 0);
        buf_char(out, '\n');
        return;
    }
    buf_add(out, "    rows:");
    if (is_plain_text(rows)) {
        add_table(out, rows);
        return;
    }
    buf_char(out, '\n');
    for (size_t i = 0; i < rows->count; i++) {
        add_row(root, out, rows, i);
    }
}

static void add_extracts(struct root *root, struct buf *out)
{
    const struct recording *recording = root->state;
    bool first = true;

    for (size_t i = 0; i < recording->entries.count && !recording->whole; i++) {
        const struct recorded_path *entry = recording->entries.entries[i].value;

        for (size_t j = 0; j < entry->rows.count && !entry->hidden; j++, first = false) {
            buf_add(out, first ? "extracts:\n" : "");
            add_extract(root, out, entry, entry->rows.entries[j].value);
        }
    }
}

static void add_exec(struct root *root, struct buf *out, const struct exec_record *record)
{
    buf_add(out, "  - {argv: [");
    for (size_t i = 0; i < record->argv.count; i++) {
        const char *argument = record->argv.items[i];

        buf_add(out, i > 0 ? ", " : "");
        add_quoted(root->arena, out, argument, strlen(argument));
    }
    buf_char(out, ']');
    if (record->input) {
        buf_add(out, ", input: ");
        add_quoted(root->arena, out, record->input, strlen(record->input));
    }
    if (record->error < 0) {
        buf_printf(out, ", error: %s}\n", error_name(-record->error));
        return;
    }
    buf_printf(out, ", status: %d, stdout: ", record->result.status);
    add_quoted(root->arena, out, record->result.output, record->result.length);
    buf_add(out, "}\n");
}

/* Devices are asked one by one, so that their records say all. */
static void add_unasked(const struct recording *recording, struct buf *out)
{
    if (recording->cpuid_asked && recording->exec_asked)
        return;
    buf_printf(out, "unasked: [%s%s%s]\n", recording->cpuid_asked ? "" : "cpuid",
               recording->cpuid_asked || recording->exec_asked ? "" : ", ", recording->exec_asked ? "" : "exec");
}

/* What is kept from the snapshot is unknown there, not absent. */
static void add_hidden(struct root *root, struct buf *out)
{
    const struct recording *recording = root->state;
    struct map told = {0};

    for (size_t i = 0; i < recording->entries.count; i++) {
        const struct recorded_path *entry = recording->entries.entries[i].value;

        if (entry->hidden && !map_get(&told, entry->hidden)) {
            buf_add(out, told.count == 0 ? "unread:\n  - " : "  - ");
            add_path(root->arena, out, entry->hidden);
            buf_char(out, '\n');
            map_put(root->arena, &told, entry->hidden, entry);
        }
    }
}

void recording_yaml(struct root *root, struct buf *out)
{
    const struct recording *recording = root->state;
    char taken[32];
    time_t now = time(NULL);
    struct tm utc;

    strftime(taken, sizeof(taken), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    buf_printf(out, "hvprobe-snapshot: 1\ntaken: %s\n", taken);
    add_unasked(recording, out);
    add_uname(root, out);
    add_cpuid(root, out);
    add_nodes(root, out);
    add_ioctls(root, out);
    add_extracts(root, out);
    add_hidden(root, out);
    buf_add(out, recording->execs.count > 0 ? "exec:\n" : "");
    for (size_t i = 0; i < recording->execs.count; i++) {
        add_exec(root, out, recording->execs.entries[i].value);
    }
}
