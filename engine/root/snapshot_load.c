/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snapshot.yaml: what it may hold as tables of keys, and what becomes of it. */
#include "base/text.h"
#include "root/errors.h"
#include "root/snapshot.h"
#include "root/snapshot_keys.h"
#include "root/snapshot_values.h"

#include <stdlib.h>
#include <string.h>

enum { ERROR_LIMIT = 200 };

/* The context of the walker. */
struct snapshot_loader {
    struct arena *arena;
    struct snapshot *snapshot;
};

/* ---- records ---- */

#define MEMBER(structure, member) FILLS(struct structure, member)

static const struct key uname_keys[] = {
    {"sysname", &shape_text, false, "name of the kernel: Linux", MEMBER(root_uname, sysname)},
    {"nodename", &shape_text, false, "the host's name", MEMBER(root_uname, nodename)},
    {"release", &shape_text, false, "the kernel's version", MEMBER(root_uname, release)},
    {"version", &shape_text, false, "how and when the kernel was built", MEMBER(root_uname, version)},
    {"machine", &shape_text, false, "architecture, as uname -m says", MEMBER(root_uname, machine)},
    {0},
};

static const struct key cpuid_keys[] = {
    {"leaf", &value_word, true, "leaf, the value of EAX before", MEMBER(snapshot_cpuid, leaf)},
    {"subleaf", &value_word, false, "subleaf, the value of ECX before; 0 unless given",
     MEMBER(snapshot_cpuid, subleaf)},
    {"eax", &value_word, true, "what EAX holds after", MEMBER(snapshot_cpuid, eax)},
    {"ebx", &value_word, true, "what EBX holds after", MEMBER(snapshot_cpuid, ebx)},
    {"ecx", &value_word, true, "what ECX holds after", MEMBER(snapshot_cpuid, ecx)},
    {"edx", &value_word, true, "what EDX holds after", MEMBER(snapshot_cpuid, edx)},
    {0},
};

static const struct key node_keys[] = {
    {"path", &value_path, true, "absolute path", MEMBER(snapshot_node, path)},
    {"type", &value_type, false, "what is there; not given: what is below root/", MEMBER(snapshot_node, type)},
    {"mode", &value_mode, false, "permission bits in octal, such as '0660'", MEMBER(snapshot_node, mode)},
    {"access", &value_access, false, "what the user who took the snapshot could do, letters of rwx; not given: all",
     MEMBER(snapshot_node, access)},
    {"size", &value_count, false, "size in bytes", MEMBER(snapshot_node, size)},
    {"group", &value_word, false, "number of the owning group", MEMBER(snapshot_node, group)},
    {"error", &value_error, false, "what reading it ends with, such as EACCES; without type, looking at it",
     MEMBER(snapshot_node, error)},
    {0},
};

static const struct key ioctl_keys[] = {
    {"path", &value_path, true, "absolute path of the device", MEMBER(snapshot_ioctl, path)},
    {"request", &value_count, true, "number of the request", MEMBER(snapshot_ioctl, request)},
    {"argument", &value_count, false, "its argument; 0 unless given", MEMBER(snapshot_ioctl, argument)},
    {"result", &value_number, false, "what the device answered", MEMBER(snapshot_ioctl, result)},
    {"error", &value_error, false, "or the error that it ended with", MEMBER(snapshot_ioctl, error)},
    {0},
};

static const struct key exec_keys[] = {
    {"argv", &value_words, true, "the program and its arguments", MEMBER(snapshot_exec, argv)},
    {"input", &shape_text, false, "what it read; not given: whatever it was", MEMBER(snapshot_exec, input)},
    {"status", &value_word, false, "exit status; 0 unless given", MEMBER(snapshot_exec, status)},
    {"stdout", &shape_text, false, "what it printed", MEMBER(snapshot_exec, output)},
    {"error", &value_error, false, "or the error that starting it ended with", MEMBER(snapshot_exec, error)},
    {0},
};

static void take_rows(struct checker *checker, const struct place *place)
{
    (void)checker;
    *(const struct yaml_node **)place->target = place->node;
}

static const struct shape shape_cells = {.accepts = ACCEPT_MAPPING | ACCEPT_EMPTY,
                                         .others = &shape_text,
                                         .check_key = check_key_name,
                                         .keys_pattern = NAME_PATTERN};
static const struct shape shape_cell_rows = {.accepts = ACCEPT_LIST | ACCEPT_TEXT,
                                             .words = "a list of mappings from column to text, or a table as text",
                                             .types = "string",
                                             .items = &shape_cells,
                                             .size = sizeof(struct yaml_node *),
                                             .take = take_rows};

static const struct key extract_keys[] = {
    {"path", &value_path, true, "absolute path of the file, no link", MEMBER(snapshot_extract, path)},
    {"size", &value_count, true, "its size in bytes", MEMBER(snapshot_extract, size)},
    {"digest", &shape_text, true, "what stands for the text of the extract", MEMBER(snapshot_extract, digest)},
    {"rows", &shape_cell_rows, false,
     "what was found: a mapping from column to text each, or lines of cells with tabs between them, names first",
     MEMBER(snapshot_extract, rows)},
    {"nothing", &shape_text, false, "or why nothing was", MEMBER(snapshot_extract, nothing)},
    {0},
};

static const struct key window_keys[] = {
    {"offset", &value_count, true, "where it begins in the file", MEMBER(snapshot_window, offset)},
    {"size", &value_count, true, "its bytes", MEMBER(snapshot_window, size)},
    {0},
};
static const struct shape shape_window = {
    .accepts = ACCEPT_MAPPING, .keys = window_keys, .size = sizeof(struct snapshot_window)};
static const struct shape shape_windows = {
    .accepts = ACCEPT_LIST, .words = "a list of windows", .items = &shape_window};

static const struct key piece_keys[] = {
    {"path", &value_path, true, "absolute path of the file, no link", MEMBER(snapshot_piece, path)},
    {"size", &value_count, true, "its size in bytes", MEMBER(snapshot_piece, size)},
    {"windows", &shape_windows, true, "the parts that stand below root/ in its place, one after the other",
     MEMBER(snapshot_piece, windows)},
    {0},
};

static void take_uname(struct checker *checker, const struct place *place)
{
    const struct snapshot_loader *loader = checker->context;

    for (const struct key *key = uname_keys; key->name; key++) {
        const char **name = (const char **)((char *)place->target + key->fills - 1);

        *name = *name ? *name : "";
    }
    loader->snapshot->has_uname = true;
}

static struct vec *children_of(const struct snapshot_loader *loader, const char *directory)
{
    struct vec *names = map_get(&loader->snapshot->children, directory);

    if (!names) {
        names = arena_new_object(loader->arena, struct vec);
        map_put(loader->arena, &loader->snapshot->children, directory, names);
    }
    return names;
}

/* The directories above a node exist because the node does. */
static void add_to_parents(const struct snapshot_loader *loader, const char *path)
{
    while (strcmp(path, "/") != 0) {
        const char *name = strrchr(path, '/') + 1;
        size_t length = (size_t)(name - path);
        const char *directory = arena_strndup(loader->arena, path, length > 1 ? length - 1 : 1);
        bool known = map_get(&loader->snapshot->children, directory) != NULL;

        vec_push(loader->arena, children_of(loader, directory), name);
        if (known) {
            return;
        }
        path = directory;
    }
}

/* As nodes and devices are found: without . and .., doubled slashes; links stay. */
static const char *plain_path(const struct snapshot_loader *loader, const char *path)
{
    char *plain;

    return path && path_resolve(loader->arena, path, false, NULL, NULL, &plain) == 0 ? plain : NULL;
}

static void add_node(struct checker *checker, struct mark at, struct snapshot_node *node)
{
    const struct snapshot_loader *loader = checker->context;
    struct snapshot *snapshot = loader->snapshot;
    const char *path = plain_path(loader, node->path);

    if (!path)
        return;
    if (map_get(&snapshot->by_path, path)) {
        problem(checker, DIAG_BAD_SNAPSHOT, at, NULL, "%s has a second node", path);
        return;
    }
    node->path = path;
    map_put(loader->arena, &snapshot->by_path, path, node);
    if (node->error.given && !node->type.given)
        return;
    add_to_parents(loader, path);
    if (node->type.value == ROOT_DIR && node->access && !strchr(node->access, 'x'))
        snapshot->has_closed = true;
}

static void take_node(struct checker *checker, const struct place *place)
{
    add_node(checker, place->node->at, place->target);
}

static void take_ioctl(struct checker *checker, const struct place *place)
{
    struct snapshot_ioctl *item = place->target;
    const char *path = plain_path(checker->context, item->path);

    item->path = path ? path : item->path;
    if (item->result.given == item->error.given)
        problem(checker, DIAG_BAD_SNAPSHOT, place->node->at, NULL, "an ioctl has a result or an error");
}

static void read_table(struct checker *checker, struct snapshot_extract *item)
{
    const struct snapshot_loader *loader = checker->context;
    size_t offset = 0;

    item->read = snapshot_table(loader->arena, item->rows, &item->found, &offset);
    if (!item->read)
        problem(checker, DIAG_BAD_SNAPSHOT, yaml_mark_at(item->rows, offset, 1),
                "each line has as many cells as the first, which names the columns; tabs stand between them, and \\n "
                "\\t \\\\ \\N (unset) for what cannot",
                "a cell is missing, not named, too many, or cannot be read");
}

static void take_extract(struct checker *checker, const struct place *place)
{
    struct snapshot_extract *item = place->target;
    const char *path = plain_path(checker->context, item->path);

    item->path = path ? path : item->path;
    if ((item->rows != NULL) == (item->nothing != NULL))
        problem(checker, DIAG_BAD_SNAPSHOT, place->node->at, NULL, "an extract has rows, or says why there is nothing");
    else if (item->rows && item->rows->kind == YAML_NODE_SCALAR)
        read_table(checker, item);
}

static void take_piece(struct checker *checker, const struct place *place)
{
    struct snapshot_piece *item = place->target;
    const char *path = plain_path(checker->context, item->path);

    item->path = path ? path : item->path;
    for (size_t i = 0; i < item->windows.count; i++) {
        const struct snapshot_window *window = item->windows.items[i];

        if (window->offset.value > item->size.value || window->size.value > item->size.value - window->offset.value)
            problem(checker, DIAG_BAD_SNAPSHOT, place->node->at, NULL,
                    "a window is a part of its file, which is smaller");
    }
}

/* ---- small files and links by path, written in the YAML itself: a whole host in one page ---- */

static void take_content(struct checker *checker, const struct place *place)
{
    struct snapshot_node *node = place->target;

    (void)checker;
    node->text = place->node->value;
    node->length = place->node->length;
}

/* PATH: TEXT, or PATH: {text: TEXT, mode: '0755', access: r} */
static void take_file(struct checker *checker, const struct place *place)
{
    struct snapshot_node *node = place->target;

    if (place->node->kind == YAML_NODE_SCALAR && !yaml_is_null(place->node))
        take_content(checker, place);
    node->path = place->key->value;
    node->type = (struct number){true, ROOT_FILE};
    node->text = node->text ? node->text : "";
    add_node(checker, place->key->at, node);
}

static void take_link(struct checker *checker, const struct place *place)
{
    const struct snapshot_loader *loader = checker->context;
    struct snapshot_node *node = place->target;

    node->path = place->key->value;
    node->type = (struct number){true, ROOT_LINK};
    node->target = place->node->value;
    loader->snapshot->has_links = true;
    if (place->node->length == 0)
        problem(checker, DIAG_BAD_SNAPSHOT, place->node->at, NULL, "a link is the path that it leads to");
    else
        add_node(checker, place->key->at, node);
}

static void check_path_key(struct checker *checker, const struct yaml_node *key)
{
    if (key->value[0] != '/')
        problem(checker, DIAG_BAD_SNAPSHOT, key->at, NULL, "this should be an absolute path");
}

static const struct shape value_content = {.accepts = ACCEPT_TEXT, .take = take_content};
static const struct key file_keys[] = {
    {"text", &value_content, false, "its content", FILLS_OBJECT},
    {"mode", &value_mode, false, "permission bits in octal", MEMBER(snapshot_node, mode)},
    {"access", &value_access, false, "letters of rwx", MEMBER(snapshot_node, access)},
    {0},
};
static const struct shape shape_file = {.accepts = ACCEPT_TEXT | ACCEPT_MAPPING | ACCEPT_NOTHING | ACCEPT_EMPTY,
                                        .words = "its text, or a mapping with text, mode and access",
                                        .keys = file_keys,
                                        .size = sizeof(struct snapshot_node),
                                        .take = take_file};
static const struct shape shape_link = {
    .accepts = ACCEPT_TEXT, .size = sizeof(struct snapshot_node), .take = take_link};

/* ---- sections ---- */

#define RECORD(name, row, taker)                                                                                       \
    static const struct shape shape_##name = {                                                                         \
        .accepts = ACCEPT_MAPPING, .keys = row##_keys, .size = sizeof(struct snapshot_##row), .take = taker};          \
    static const struct shape shape_##name##_list = {                                                                  \
        .accepts = ACCEPT_LIST | ACCEPT_NOTHING | ACCEPT_EMPTY, .words = "a list", .items = &shape_##name};

RECORD(cpuid, cpuid, NULL)
RECORD(node, node, take_node)
RECORD(ioctl, ioctl, take_ioctl)
RECORD(exec, exec, NULL)
RECORD(extract, extract, take_extract)
RECORD(piece, piece, take_piece)

static const struct shape shape_uname = {.accepts = ACCEPT_MAPPING | ACCEPT_NOTHING | ACCEPT_EMPTY,
                                         .words = "a mapping",
                                         .keys = uname_keys,
                                         .take = take_uname};
static const struct shape shape_files = {.accepts = ACCEPT_MAPPING | ACCEPT_NOTHING | ACCEPT_EMPTY,
                                         .words = "a mapping",
                                         .others = &shape_file,
                                         .check_key = check_path_key,
                                         .keys_pattern = "^/"};
static const struct shape shape_links = {.accepts = ACCEPT_MAPPING | ACCEPT_NOTHING | ACCEPT_EMPTY,
                                         .words = "a mapping",
                                         .others = &shape_link,
                                         .check_key = check_path_key,
                                         .keys_pattern = "^/"};

static void check_version(struct checker *checker, const struct place *place)
{
    int64_t version = 0;

    if (!text_number(place->node->value, &version) || version != SNAPSHOT_VERSION)
        problem(checker, DIAG_BAD_SNAPSHOT, place->node->at, NULL, "this version reads snapshots of version %d only",
                SNAPSHOT_VERSION);
}

static const struct shape shape_version = {
    .accepts = ACCEPT_TEXT, .check = check_version, .types = "integer", .rest = "\"const\": 1"};

const struct key snapshot_keys[] = {
    {"hvprobe-snapshot", &shape_version, true, "version of the format: 1"},
    {"taken", &shape_anything, false, "when, for people"},
    {"uname", &shape_uname, false, "what the kernel says of itself", MEMBER(snapshot, uname)},
    {"cpuid", &shape_cpuid_list, false, "what the processor answers to the x86 instruction CPUID",
     MEMBER(snapshot, cpuid)},
    {"nodes", &shape_node_list, false, "what cannot be stored as a file below root/, or has other permissions",
     MEMBER(snapshot, nodes)},
    {"ioctl", &shape_ioctl_list, false, "what devices answer", MEMBER(snapshot, ioctls)},
    {"extracts", &shape_extract_list, false, "what was found in files that are too large to be here",
     MEMBER(snapshot, extracts)},
    {"pieces", &shape_piece_list, false,
     "files of which only parts are below root/: those that can hold texts and structures", MEMBER(snapshot, pieces)},
    {"exec", &shape_exec_list, false, "what programs print", MEMBER(snapshot, execs)},
    {"unasked", &value_askables, false, "sections of which more could have been asked: what they lack is unknown",
     MEMBER(snapshot, unasked)},
    {"unread", &value_paths, false, "paths that nobody looked at: they and what is below are unknown, not absent",
     MEMBER(snapshot, unread)},
    {"files", &shape_files, false, "small files by path: their text, or text, mode and access",
     MEMBER(snapshot, nodes)},
    {"links", &shape_links, false, "symbolic links by path: where they lead to", MEMBER(snapshot, nodes)},
    {0},
};
const struct shape shape_snapshot = {.accepts = ACCEPT_MAPPING, .keys = snapshot_keys};
/* The host's part of a test case: no version. */
static const struct shape shape_sections = {.accepts = ACCEPT_MAPPING | ACCEPT_EMPTY, .keys = snapshot_keys + 1};

const struct key_group snapshot_key_groups[] = {
    {"Keys of snapshot.yaml", snapshot_keys},
    {"Keys of uname", uname_keys},
    {"Keys of a cpuid record", cpuid_keys},
    {"Keys of a node", node_keys},
    {"Keys of a file", file_keys},
    {"Keys of an ioctl record", ioctl_keys},
    {"Keys of an extract", extract_keys},
    {"Keys of a piece", piece_keys},
    {"Keys of a window", window_keys},
    {"Keys of an exec record", exec_keys},
    {NULL, NULL},
};

static bool load(struct arena *arena, const struct shape *shape, const struct yaml_node *tree,
                 struct diagnostics *diagnostics, struct snapshot *snapshot)
{
    const struct snapshot_loader loader = {arena, snapshot};
    struct checker checker = {
        .diagnostics = diagnostics,
        .error_limit = diagnostics->errors + ERROR_LIMIT,
        .whole = "a snapshot",
        .quote = "",
        .only = DIAG_BAD_SNAPSHOT,
        .context = &loader,
    };

    snapshot->has_cpuid = tree->kind == YAML_NODE_MAPPING && yaml_get(tree, "cpuid") != NULL;
    return keys_read(&checker, shape, tree, snapshot);
}

bool snapshot_load_sections(struct arena *arena, const struct yaml_node *tree, struct diagnostics *diagnostics,
                            struct snapshot *snapshot)
{
    return load(arena, &shape_sections, tree, diagnostics, snapshot);
}

bool snapshot_load(struct arena *arena, const struct source *source, struct diagnostics *diagnostics,
                   struct snapshot *snapshot)
{
    size_t errors = diagnostics->errors;
    bool empty = false;
    const struct yaml_node *tree = yaml_parse(arena, source, diagnostics, &empty);
    struct mark start = {.source = source, .line = 1, .column = 1, .end_column = 2};

    if (tree && tree->kind == YAML_NODE_MAPPING && yaml_get(tree, "hvprobe-snapshot"))
        return load(arena, &shape_snapshot, tree, diagnostics, snapshot);
    if (diagnostics->errors == errors)
        diagnose(diagnostics, DIAG_BAD_SNAPSHOT, start, NULL, "not a snapshot: 'hvprobe-snapshot: 1' is missing");
    return false;
}
