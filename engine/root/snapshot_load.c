/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snapshot.yaml: records checked against tables of keys. */
#include "base/text.h"
#include "root/errors.h"
#include "root/snapshot_keys.h"
#include "root/snapshot_schema.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_LIMIT = 16 };

struct loader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct snapshot *snapshot;
};

static bool is_text(const struct yaml_node *node)
{
    return node->kind == YAML_NODE_SCALAR && !yaml_is_null(node) && strlen(node->value) == node->length;
}

static bool parse_text(struct loader *loader, const struct yaml_node *node, void *target)
{
    (void)loader;
    *(const char **)target = node->value;
    return is_text(node);
}

static bool parse_path(struct loader *loader, const struct yaml_node *node, void *target)
{
    return parse_text(loader, node, target) && node->value[0] == '/';
}

static bool parse_number(struct loader *loader, const struct yaml_node *node, void *target)
{
    struct number *number = target;

    (void)loader;
    number->given = is_text(node) && text_number(node->value, &number->value);
    return number->given;
}

static bool parse_count(struct loader *loader, const struct yaml_node *node, void *target)
{
    return parse_number(loader, node, target) && ((struct number *)target)->value >= 0;
}

static bool parse_word(struct loader *loader, const struct yaml_node *node, void *target)
{
    return parse_count(loader, node, target) && ((struct number *)target)->value <= UINT32_MAX;
}

static bool parse_mode(struct loader *loader, const struct yaml_node *node, void *target)
{
    struct number *number = target;
    char *end;

    (void)loader;
    if (!is_text(node) || node->length == 0 || strspn(node->value, "01234567") != node->length) {
        return false;
    }
    number->given = true;
    number->value = (int64_t)strtoull(node->value, &end, 8);
    return number->value >= 0 && number->value <= 07777;
}

static bool parse_type(struct loader *loader, const struct yaml_node *node, void *target)
{
    struct number *number = target;

    (void)loader;
    for (int type = ROOT_FILE; is_text(node) && type <= ROOT_FIFO; type++) {
        if (type != ROOT_LINK && strcmp(node->value, root_type_name((enum root_type)type)) == 0) {
            *number = (struct number){true, type};
        }
    }
    return number->given;
}

static bool parse_access(struct loader *loader, const struct yaml_node *node, void *target)
{
    return parse_text(loader, node, target) && strspn(node->value, "rwx") == node->length;
}

static bool parse_error(struct loader *loader, const struct yaml_node *node, void *target)
{
    struct number *number = target;

    (void)loader;
    number->value = is_text(node) ? error_number(node->value) : 0;
    number->given = number->value != 0;
    return number->given;
}

static bool parse_list(struct loader *loader, const struct yaml_node *node, void *target)
{
    if (node->kind != YAML_NODE_SEQUENCE || node->count == 0) {
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!is_text(node->items[i])) {
            return false;
        }
        vec_push(loader->arena, target, node->items[i]->value);
    }
    return true;
}

static const struct value_kind value_text = {"text", parse_text, "\"type\": [\"string\", \"number\", \"boolean\"]"};
static const struct value_kind value_path = {"an absolute path", parse_path,
                                             "\"type\": \"string\", \"pattern\": \"^/\""};
static const struct value_kind value_number = {
    "a number", parse_number,
    "\"type\": [\"integer\", \"string\"], \"pattern\": \"^[ \\\\t]*-?(0[xX][0-9a-fA-F]+|[0-9]+)[ \\\\t]*$\""};
static const struct value_kind value_count = {"a number, 0 or more", parse_count,
                                              "\"type\": [\"integer\", \"string\"], \"minimum\": 0, \"pattern\": \"^[ "
                                              "\\\\t]*(0[xX][0-9a-fA-F]+|[0-9]+)[ \\\\t]*$\""};
static const struct value_kind value_word = {
    "a number of at most 32 bits", parse_word,
    "\"type\": [\"integer\", \"string\"], \"minimum\": 0, \"maximum\": 4294967295, \"pattern\": \"^[ "
    "\\\\t]*(0[xX][0-9a-fA-F]+|[0-9]+)[ \\\\t]*$\""};
static const struct value_kind value_mode = {
    "permission bits in octal, such as '0660'", parse_mode,
    "\"type\": [\"integer\", \"string\"], \"minimum\": 0, \"maximum\": 7777, \"pattern\": \"^0*[0-7]{1,4}$\""};
static const struct value_kind value_type = {
    "one of file dir char block socket fifo (links are below root/)", parse_type,
    "\"enum\": [\"file\", \"dir\", \"char\", \"block\", \"socket\", \"fifo\"]"};
static const struct value_kind value_access = {"letters of rwx", parse_access,
                                               "\"type\": \"string\", \"pattern\": \"^[rwx]*$\""};
static const struct value_kind value_error = {"the name of an error, such as EACCES", parse_error,
                                              "\"type\": \"string\", \"pattern\": \"^E[A-Z0-9]+$\""};
static const struct value_kind value_list = {
    "a list of texts", parse_list,
    "\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": [\"string\", \"number\", \"boolean\"]}"};

#define OPTIONAL(structure, key, member, kind, help)                                                                   \
    {                                                                                                                  \
        key, &value_##kind, offsetof(struct structure, member), false, help                                            \
    }
#define REQUIRED(structure, key, member, kind, help)                                                                   \
    {                                                                                                                  \
        key, &value_##kind, offsetof(struct structure, member), true, help                                             \
    }

static const struct record_key uname_keys[] = {
    OPTIONAL(root_uname, "sysname", sysname, text, "name of the kernel: Linux"),
    OPTIONAL(root_uname, "nodename", nodename, text, "the host's name"),
    OPTIONAL(root_uname, "release", release, text, "the kernel's version"),
    OPTIONAL(root_uname, "version", version, text, "how and when the kernel was built"),
    OPTIONAL(root_uname, "machine", machine, text, "architecture, as uname -m says"),
    {0},
};

static const struct record_key cpuid_keys[] = {
    REQUIRED(snapshot_cpuid, "leaf", leaf, word, "leaf, the value of EAX before"),
    OPTIONAL(snapshot_cpuid, "subleaf", subleaf, word, "subleaf, the value of ECX before; 0 unless given"),
    REQUIRED(snapshot_cpuid, "eax", eax, word, "what EAX holds after"),
    REQUIRED(snapshot_cpuid, "ebx", ebx, word, "what EBX holds after"),
    REQUIRED(snapshot_cpuid, "ecx", ecx, word, "what ECX holds after"),
    REQUIRED(snapshot_cpuid, "edx", edx, word, "what EDX holds after"),
    {0},
};

static const struct record_key node_keys[] = {
    REQUIRED(snapshot_node, "path", path, path, "absolute path"),
    OPTIONAL(snapshot_node, "type", type, type, "what is there; not given: what is below root/"),
    OPTIONAL(snapshot_node, "mode", mode, mode, "permission bits in octal, such as '0660'"),
    OPTIONAL(snapshot_node, "access", access, access,
             "what the user who took the snapshot could do, letters of rwx; not given: all"),
    OPTIONAL(snapshot_node, "size", size, count, "size in bytes"),
    OPTIONAL(snapshot_node, "group", group, word, "number of the owning group"),
    OPTIONAL(snapshot_node, "error", error, error,
             "what reading it ends with, such as EACCES; without type, looking at it"),
    {0},
};

static const struct record_key ioctl_keys[] = {
    REQUIRED(snapshot_ioctl, "path", path, path, "absolute path of the device"),
    REQUIRED(snapshot_ioctl, "request", request, count, "number of the request"),
    OPTIONAL(snapshot_ioctl, "argument", argument, count, "its argument; 0 unless given"),
    OPTIONAL(snapshot_ioctl, "result", result, number, "what the device answered"),
    OPTIONAL(snapshot_ioctl, "error", error, error, "or the error that it ended with"),
    {0},
};

static const struct record_key exec_keys[] = {
    REQUIRED(snapshot_exec, "argv", argv, list, "the program and its arguments"),
    OPTIONAL(snapshot_exec, "input", input, text, "what it read; not given: whatever it was"),
    OPTIONAL(snapshot_exec, "status", status, word, "exit status; 0 unless given"),
    OPTIONAL(snapshot_exec, "stdout", output, text, "what it printed"),
    OPTIONAL(snapshot_exec, "error", error, error, "or the error that starting it ended with"),
    {0},
};

/* Without hint where no name is near. */
static void unknown_key(struct loader *loader, const struct yaml_node *key, const char *const *names, size_t count)
{
    diagnose(loader->diagnostics, DIAG_BAD_SNAPSHOT, key->at,
             diagnose_nearest(loader->diagnostics, key->value, names, count), "unknown key '%s'", key->value);
}

static const struct record_key *find_key(struct loader *loader, const struct record_key *keys,
                                         const struct yaml_node *name)
{
    const char *names[KEY_LIMIT];
    size_t count = 0;

    for (const struct record_key *key = keys; key->name; key++) {
        if (strcmp(key->name, name->value) == 0) {
            return key;
        }
        names[count++] = key->name;
    }
    unknown_key(loader, name, names, count);
    return NULL;
}

static bool is_mapping(struct loader *loader, const struct yaml_node *node, const char *what)
{
    if (node->kind != YAML_NODE_MAPPING) {
        diagnose(loader->diagnostics, DIAG_BAD_SNAPSHOT, node->at, NULL, "%s should be a mapping", what);
    }
    return node->kind == YAML_NODE_MAPPING;
}

static void load_record(struct loader *loader, const struct yaml_node *node, const struct record_key *keys,
                        void *record)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct record_key *key = find_key(loader, keys, node->keys[i]);

        if (key && !key->kind->parse(loader, node->items[i], (char *)record + key->offset)) {
            diagnose(loader->diagnostics, DIAG_BAD_SNAPSHOT, node->items[i]->at, NULL, "%s should be %s", key->name,
                     key->kind->expected);
        }
    }
    for (const struct record_key *key = keys; key->name; key++) {
        if (key->required && !yaml_get(node, key->name)) {
            diagnose(loader->diagnostics, DIAG_BAD_SNAPSHOT, node->at, NULL, "%s is missing", key->name);
        }
    }
}

static void finish_uname(struct loader *loader, const struct yaml_node *node, void *record)
{
    struct root_uname *names = record;

    (void)node;
    for (const struct record_key *key = uname_keys; key->name; key++) {
        const char **name = (const char **)((char *)names + key->offset);

        *name = *name ? *name : "";
    }
    loader->snapshot->has_uname = true;
}

static struct vec *children_of(struct loader *loader, const char *directory)
{
    struct vec *names = map_get(&loader->snapshot->children, directory);

    if (!names) {
        names = arena_new_object(loader->arena, struct vec);
        map_put(loader->arena, &loader->snapshot->children, directory, names);
    }
    return names;
}

/* The directories above a node exist because the node does. */
static void add_to_parents(struct loader *loader, const char *path)
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
static const char *plain_path(struct loader *loader, const char *path)
{
    char *plain;

    return path && path_resolve(loader->arena, path, false, NULL, NULL, &plain) == 0 ? plain : NULL;
}

static void finish_node(struct loader *loader, const struct yaml_node *at, void *record)
{
    struct snapshot_node *node = record;
    struct snapshot *snapshot = loader->snapshot;
    const char *path = plain_path(loader, node->path);

    if (!path) {
        return;
    }
    if (map_get(&snapshot->by_path, path)) {
        diagnose(loader->diagnostics, DIAG_BAD_SNAPSHOT, at->at, NULL, "%s has a second node", path);
        return;
    }
    node->path = path;
    map_put(loader->arena, &snapshot->by_path, path, node);
    if (node->error.given && !node->type.given) {
        return;
    }
    add_to_parents(loader, path);
    if (node->type.value == ROOT_DIR && node->access && !strchr(node->access, 'x')) {
        snapshot->has_closed = true;
    }
}

static void finish_ioctl(struct loader *loader, const struct yaml_node *at, void *record)
{
    struct snapshot_ioctl *item = record;
    const char *path = plain_path(loader, item->path);

    item->path = path ? path : item->path;
    if (item->result.given == item->error.given) {
        diagnose(loader->diagnostics, DIAG_BAD_SNAPSHOT, at->at, NULL, "an ioctl has a result or an error");
    }
}

/* By path: snapshot_inline.c has the last word. */
static const char file_schema[] =
    "\"type\": [\"string\", \"number\", \"boolean\", \"null\", \"object\"], \"additionalProperties\": false, "
    "\"properties\": {\"text\": {\"type\": [\"string\", \"number\", \"boolean\"], \"description\": \"its content\"}, "
    "\"mode\": {\"type\": [\"integer\", \"string\"], \"description\": \"permission bits in octal\"}, "
    "\"access\": {\"type\": \"string\", \"pattern\": \"^[rwx]*$\", \"description\": \"letters of rwx\"}}";
static const char link_schema[] = "\"type\": \"string\", \"minLength\": 1";

#define LIST_SECTION(name, record, member, finish, help)                                                               \
    {                                                                                                                  \
        name, record##_keys, sizeof(struct snapshot_##record), true, offsetof(struct snapshot, member), finish, help,  \
            NULL                                                                                                       \
    }

const struct section snapshot_sections[] = {
    {"uname", uname_keys, sizeof(struct root_uname), false, offsetof(struct snapshot, uname), finish_uname,
     "what the kernel says of itself", NULL},
    LIST_SECTION("cpuid", cpuid, cpuid, NULL, "what the processor answers to the x86 instruction CPUID"),
    LIST_SECTION("nodes", node, nodes, finish_node,
                 "what cannot be stored as a file below root/, or has other permissions"),
    LIST_SECTION("ioctl", ioctl, ioctls, finish_ioctl, "what devices answer"),
    LIST_SECTION("exec", exec, execs, NULL, "what programs print"),
    {.name = "files", .help = "small files by path: their text, or text, mode and access", .schema = file_schema},
    {.name = "links", .help = "symbolic links by path: where they lead to", .schema = link_schema},
    {0},
};

/* files and links: a mapping by path. */
static void load_inline(struct loader *loader, const struct yaml_node *node, const char *section)
{
    if (!is_mapping(loader, node, section)) {
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        struct snapshot_node *new =
            snapshot_inline_node(loader->arena, section, node->keys[i], node->items[i], loader->diagnostics);

        if (new) {
            vec_push(loader->arena, &loader->snapshot->nodes, new);
            finish_node(loader, node->keys[i], new);
            loader->snapshot->has_links |= new->target != NULL;
        }
    }
}

static void load_item(struct loader *loader, const struct yaml_node *node, const struct section *section, void *record)
{
    size_t errors = loader->diagnostics->errors;

    if (!is_mapping(loader, node, section->name)) {
        return;
    }
    load_record(loader, node, section->keys, record);
    if (section->finish && loader->diagnostics->errors == errors) {
        section->finish(loader, node, record);
    }
}

static void load_section(struct loader *loader, const struct yaml_node *node, const struct section *section)
{
    void *target = (char *)loader->snapshot + section->offset;

    if (yaml_is_null(node)) {
        return;
    }
    if (!section->keys) {
        load_inline(loader, node, section->name);
        return;
    }
    if (!section->list) {
        load_item(loader, node, section, target);
        return;
    }
    if (node->kind != YAML_NODE_SEQUENCE) {
        diagnose(loader->diagnostics, DIAG_BAD_SNAPSHOT, node->at, NULL, "%s should be a list", section->name);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        void *record = arena_alloc(loader->arena, section->size);

        vec_push(loader->arena, target, record);
        load_item(loader, node->items[i], section, record);
    }
}

static void check_version(struct loader *loader, const struct yaml_node *node)
{
    struct number version = {0};

    if (!parse_number(loader, node, &version) || version.value != SNAPSHOT_VERSION) {
        diagnose(loader->diagnostics, DIAG_BAD_SNAPSHOT, node->at, NULL,
                 "this version reads snapshots of version %d only", SNAPSHOT_VERSION);
    }
}

static void load_key(struct loader *loader, const struct yaml_node *key, const struct yaml_node *value)
{
    struct vec names;

    if (strcmp(key->value, "hvprobe-snapshot") == 0) {
        check_version(loader, value);
        return;
    }
    if (strcmp(key->value, "taken") == 0) {
        return; /* for people */
    }
    for (const struct section *section = snapshot_sections; section->name; section++) {
        if (strcmp(key->value, section->name) == 0) {
            load_section(loader, value, section);
            return;
        }
    }
    names = snapshot_key_names(loader->arena);
    unknown_key(loader, key, (const char *const *)names.items, names.count);
}

bool snapshot_load_sections(struct arena *arena, const struct yaml_node *tree, struct diagnostics *diagnostics,
                            struct snapshot *snapshot)
{
    struct loader loader = {arena, diagnostics, snapshot};
    size_t errors = diagnostics->errors;

    for (size_t i = 0; i < tree->count; i++) {
        load_key(&loader, tree->keys[i], tree->items[i]);
    }
    return diagnostics->errors == errors;
}

bool snapshot_load(struct arena *arena, const struct source *source, struct diagnostics *diagnostics,
                   struct snapshot *snapshot)
{
    size_t errors = diagnostics->errors;
    bool empty = false;
    const struct yaml_node *tree = yaml_parse(arena, source, diagnostics, &empty);
    struct mark start = {.source = source, .line = 1, .column = 1, .end_column = 2};

    if (!tree || tree->kind != YAML_NODE_MAPPING || !yaml_get(tree, "hvprobe-snapshot")) {
        if (diagnostics->errors == errors) {
            diagnose(diagnostics, DIAG_BAD_SNAPSHOT, start, NULL, "not a snapshot: 'hvprobe-snapshot: 1' is missing");
        }
        return false;
    }
    return snapshot_load_sections(arena, tree, diagnostics, snapshot);
}
