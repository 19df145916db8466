/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A root that remembers what was asked of another one: from this, capture makes a snapshot. */
#include "root/record.h"

#include "root/confined.h"
#include "root/recording.h"

#include <errno.h>
#include <string.h>

/* The entry of a path that has no links before its last component. */
static struct recorded_path *plain_entry(struct root *root, const char *path)
{
    struct recording *recording = root->state;
    struct recorded_path *entry = map_get(&recording->entries, path);
    char *target;
    int error;

    if (entry) {
        return entry;
    }
    entry = arena_new_object(root->arena, struct recorded_path);
    entry->path = arena_strdup(root->arena, path);
    error = root_stat(recording->inner, path, false, &entry->status);
    entry->exists = error == 0;
    entry->error = error == -ENOENT || error == -ENOTDIR ? 0 : error;
    entry->hidden = entry->exists ? redaction_hides(recording->redaction, path) : NULL;
    if (entry->exists && entry->status.type == ROOT_LINK &&
        root_readlink(recording->inner, root->arena, path, &target) == 0) {
        entry->target = target;
    }
    map_put(root->arena, &recording->entries, entry->path, entry);
    return entry;
}

static int read_link(void *data, struct arena *scratch, const char *path, char **ret_target)
{
    const struct recorded_path *entry = plain_entry(data, path);

    if (!entry->target) {
        return 0;
    }
    *ret_target = arena_strdup(scratch, entry->target);
    return 1;
}

struct recorded_path *recording_entry(struct root *root, const char *path, bool follow)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    char *resolved;

    if (path_resolve(scratch, path, follow, read_link, root, &resolved) < 0) {
        return NULL; /* a loop: its links are recorded and make one again */
    }
    return plain_entry(root, resolved);
}

static struct recording *recording_of(struct root *root)
{
    return root->state;
}

static int record_stat(struct root *root, const char *path, bool follow, struct root_stat *ret_stat)
{
    struct recorded_path *entry = recording_entry(root, path, follow);

    if (entry) {
        entry->asked = true;
    }
    return root_stat(recording_of(root)->inner, path, follow, ret_stat);
}

static int record_access(struct root *root, const char *path, const char *want)
{
    static const char *const letters[] = {"r", "w", "x"};
    struct root *inner = recording_of(root)->inner;
    struct recorded_path *entry = recording_entry(root, path, true);

    if (entry && entry->exists && !entry->access) {
        AUTO(buf_free) struct buf access = BUF_INIT;

        for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
            buf_add(&access, root_access(inner, path, letters[i]) == 0 ? letters[i] : "");
        }
        entry->access = arena_strdup(root->arena, buf_text(&access));
    }
    return root_access(inner, path, want);
}

static void note_read_error(struct recorded_path *entry, int error)
{
    if (entry && entry->exists && error < 0) {
        entry->read_error = error;
    }
}

static int record_open_file(struct root *root, const char *path, int *ret_fd)
{
    struct recorded_path *entry = recording_entry(root, path, true);
    int error = root_open_file(recording_of(root)->inner, path, ret_fd);

    note_read_error(entry, error);
    if (error == 0 && entry) {
        entry->opened++;
    }
    return error;
}

static int record_read(struct root *root, struct arena *arena, const char *path, size_t limit, char **ret_text,
                       size_t *ret_length)
{
    struct recorded_path *entry = recording_entry(root, path, true);
    int error = root_read(recording_of(root)->inner, arena, path, limit, ret_text, ret_length);

    note_read_error(entry, error);
    if (error == 0 && entry && !entry->content) {
        const char *text = redaction_text(recording_of(root)->redaction, root->arena, entry->path, *ret_text,
                                          *ret_length, &entry->length);

        entry->content = arena_memdup(root->arena, entry->length > 0 ? text : "", entry->length + 1);
    }
    return error;
}

static void record_keep(struct root *root, const char *path, uint64_t offset, size_t length)
{
    struct recorded_path *entry = recording_entry(root, path, true);
    struct kept_range *range = arena_new_object(root->arena, struct kept_range);

    if (!entry || offset + length < offset) {
        return;
    }
    range->offset = offset > 0 ? offset - 1 : 0;
    range->end = offset + length + 1;
    vec_push(root->arena, &entry->ranges, range);
}

static const char **copy_texts(struct arena *arena, const char *const *texts, size_t count)
{
    const char **copy = arena_alloc(arena, (count + 1) * sizeof(*copy));

    for (size_t i = 0; i < count; i++) {
        copy[i] = arena_strdup(arena, texts[i]);
    }
    return copy;
}

static void redact_cells(struct root *root, const struct recorded_path *entry, struct root_rows *rows)
{
    const char **cells = (const char **)rows->cells;
    size_t length;

    for (size_t i = 0; recording_of(root)->redaction && i < rows->count * rows->columns; i++) {
        cells[i] = !cells[i] ? NULL
                             : redaction_text(recording_of(root)->redaction, root->arena, entry->path, cells[i],
                                              strlen(cells[i]), &length);
    }
}

/* The extract has opened the file once; the rows stand for what it read. */
static void record_keep_rows(struct root *root, const char *path, const char *digest, const struct root_rows *rows)
{
    struct recorded_path *entry = recording_entry(root, path, true);
    struct rows_record *record;

    if (!entry || !entry->exists) {
        return;
    }
    entry->opened -= entry->opened > 0;
    if (map_get(&entry->rows, digest)) {
        return;
    }
    record = arena_new_object(root->arena, struct rows_record);
    record->digest = arena_strdup(root->arena, digest);
    record->rows = *rows;
    record->rows.names = copy_texts(root->arena, rows->names, rows->columns);
    record->rows.cells = copy_texts(root->arena, rows->cells, rows->count * rows->columns);
    redact_cells(root, entry, &record->rows);
    record->rows.reason = arena_strdup(root->arena, rows->reason);
    map_put(root->arena, &entry->rows, record->digest, record);
}

/* What comes without opening the file goes on into the new snapshot. */
static int record_kept_rows(struct root *root, const char *path, const char *digest, struct root_rows *ret_rows)
{
    struct recorded_path *entry = recording_entry(root, path, true);
    int error = root_kept_rows(recording_of(root)->inner, path, digest, ret_rows);

    if (error == 0 && entry) {
        entry->opened++;
        record_keep_rows(root, path, digest, ret_rows);
    }
    return error;
}

static int record_list(struct root *root, struct arena *arena, const char *path, struct vec *ret_names)
{
    struct recorded_path *entry = recording_entry(root, path, true);
    int error = root_list(recording_of(root)->inner, arena, path, ret_names);

    note_read_error(entry, error);
    if (error == 0 && entry && !entry->listed) {
        entry->listed = true;
        for (size_t i = 0; i < ret_names->count; i++) {
            vec_push(root->arena, &entry->names, arena_strdup(root->arena, ret_names->items[i]));
        }
    }
    return error;
}

static int record_readlink(struct root *root, struct arena *arena, const char *path, char **ret_target)
{
    recording_entry(root, path, false);
    return root_readlink(recording_of(root)->inner, arena, path, ret_target);
}

static int record_uname(struct root *root, struct root_uname *ret_uname)
{
    struct recording *recording = root->state;
    int error = root_uname(recording->inner, ret_uname);

    if (error == 0) {
        recording->has_uname = true;
        recording->uname = *ret_uname; /* its texts live as long as inner */
    }
    return error;
}

static int record_cpuid(struct root *root, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    struct recording *recording = root->state;
    struct cpuid_record *record;
    int error = root_cpuid(recording->inner, leaf, subleaf, registers);

    recording->cpuid_asked |= error != -EOPNOTSUPP;
    if (error < 0) {
        return error;
    }
    record = arena_new_object(root->arena, struct cpuid_record);
    record->leaf = leaf;
    record->subleaf = subleaf;
    memcpy(record->registers, registers, sizeof(record->registers));
    map_put(root->arena, &recording->cpuid, arena_printf(root->arena, "%x/%x", leaf, subleaf), record);
    return 0;
}

static int record_ioctl(struct root *root, const char *path, unsigned long request, unsigned long argument,
                        long *ret_result)
{
    struct recording *recording = root->state;
    struct recorded_path *entry = recording_entry(root, path, true);
    struct ioctl_record *record;
    int error = root_ioctl(recording->inner, path, request, argument, ret_result);

    if (!entry || !entry->exists || entry->status.type != ROOT_CHAR || error == -EOPNOTSUPP) {
        return error;
    }
    record = arena_new_object(root->arena, struct ioctl_record);
    *record = (struct ioctl_record){entry->path, request, argument, error, error < 0 ? 0 : *ret_result};
    map_put(root->arena, &recording->ioctls, arena_printf(root->arena, "%s %lx %lx", path, request, argument), record);
    return error;
}

static int record_exec(struct root *root, struct arena *arena, const struct root_exec *request,
                       struct root_exec_result *ret_result)
{
    AUTO(buf_free) struct buf key = BUF_INIT;
    struct recording *recording = root->state;
    struct exec_record *record;
    int error = root_exec(recording->inner, arena, request, ret_result);

    if (error == -EOPNOTSUPP) {
        return error;
    }
    recording->exec_asked = true;
    record = arena_new_object(root->arena, struct exec_record);
    for (size_t i = 0; request->argv[i]; i++) {
        buf_printf(&key, "%s\n", request->argv[i]);
        vec_push(root->arena, &record->argv, arena_strdup(root->arena, request->argv[i]));
    }
    buf_printf(&key, "\n%s", request->input ? request->input : "");
    record->input = arena_strdup(root->arena, request->input);
    record->error = error;
    if (error == 0) {
        record->result = *ret_result;
        record->result.output = redaction_text(recording->redaction, root->arena, NULL, record->result.output,
                                               ret_result->length, &record->result.length);
        record->result.output = arena_memdup(root->arena, record->result.output, record->result.length + 1);
    }
    map_put(root->arena, &recording->execs, arena_strdup(root->arena, buf_text(&key)), record);
    return error;
}

static const struct root_methods record_methods = {
    .stat = record_stat,
    .access = record_access,
    .open_file = record_open_file,
    .list = record_list,
    .readlink = record_readlink,
    .uname = record_uname,
    .cpuid = record_cpuid,
    .ioctl = record_ioctl,
    .exec = record_exec,
    .read = record_read,
    .keep = record_keep,
    .keep_rows = record_keep_rows,
    .kept_rows = record_kept_rows,
};

void root_record_redact(struct root *recording, struct redaction *redaction)
{
    recording_of(recording)->redaction = redaction;
}

struct root *root_open_recording(struct root *inner)
{
    struct root *root = root_new(&record_methods, root_label(inner));
    struct recording *recording = arena_new_object(root->arena, struct recording);

    recording->methods = record_methods;
    recording->methods.live = root_is_live(inner);
    recording->inner = inner;
    root->methods = &recording->methods;
    root->state = recording;
    root->forced_arch = arena_strdup(root->arena, inner->forced_arch);
    return root;
}
