/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rule files in their layers: finding, hiding, masking, reading. */
#include "rules/layers.h"
#include "base/file.h"
#include "base/pack.h"
#include "base/text.h"
#include "base/yaml_pack.h"
#include "rules/link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { SCAN_DEPTH = 16 };

static struct layer_file *layer_file(const struct rule_file *file)
{
    return (struct layer_file *)file;
}

static struct layer_file *new_file(struct arena *arena, const char *path, const char *layer)
{
    struct layer_file *file = arena_new_object(arena, struct layer_file);

    file->file.source.path = path;
    file->file.source.layer = layer;
    file->file.name = text_base_name(file->file.source.path);
    return file;
}

static struct mark file_mark(const struct rule_file *file)
{
    return (struct mark){.source = &file->source};
}

static void scan_failed(struct loader *loader, const char *directory, int error)
{
    struct source *source = arena_new_object(loader->set->arena, struct source);

    source->path = arena_strdup(loader->set->arena, directory);
    diagnose(loader->diagnostics, DIAG_UNREADABLE, (struct mark){.source = source}, NULL,
             "the directory cannot be read: %s", file_error(error));
}

/* A folder with a test case has YAML files that are no rules. */
static bool is_test_case(const struct vec *names)
{
    static const char *const marks[] = {"case.yaml", "expect.xml", "snapshot.yaml"};

    for (size_t i = 0; i < names->count; i++)
        for (size_t mark = 0; mark < ARRAY_SIZE(marks); mark++)
            if (strcmp(names->items[i], marks[mark]) == 0)
                return true;
    return false;
}

/* A name by which a rule was probably meant, and is not read. */
static void warn_of_ignored(struct loader *loader, const char *path, const char *name)
{
    static const char *const endings[] = {".yml",  ".yaml.txt", ".yml.txt", ".json",
                                          ".rule", ".rules",    ".conf",    ".yaml"};
    struct source *source;
    size_t ending = 0;

    while (ending < ARRAY_SIZE(endings) && !text_ends_anyhow(name, endings[ending]))
        ending++;
    if (ending == ARRAY_SIZE(endings) || file_is_directory(path, true))
        return;
    source = arena_new_object(loader->set->arena, struct source);
    source->path = path;
    diagnose(loader->diagnostics, DIAG_IGNORED_FILE, (struct mark){.source = source},
             "rename it so that it ends in .yaml, or take it away",
             "this file is not read: its name does not end in .yaml");
}

/* Links are none. One that nobody can look at is not passed over: rules in it would be missed without a word. */
static bool is_folder(struct loader *loader, const char *path)
{
    struct stat status;

    if (lstat(path, &status) == 0)
        return S_ISDIR(status.st_mode);
    if (errno != ENOENT)
        scan_failed(loader, path, -errno);
    return false;
}

/* Adds the *.yaml files below a directory; links to directories are not followed, so there are no loops. */
static void scan(struct loader *loader, const char *layer, const char *directory, unsigned depth, struct vec *files)
{
    struct arena *arena = loader->set->arena;
    struct vec names = {0};
    int error = directory_names(loader, directory, &names);

    if (error < 0 && (error != -ENOENT || depth > 0))
        scan_failed(loader, directory, error);
    if (error == 0 && is_test_case(&names))
        return;
    for (size_t i = 0; error == 0 && i < names.count; i++) {
        const char *name = names.items[i];
        const char *path = text_path(arena, directory, name);

        if (name[0] == '.')
            continue;
        if (text_ends(name, ".yaml"))
            vec_push(arena, files, new_file(arena, path, layer));
        else if (depth < SCAN_DEPTH && is_folder(loader, path))
            scan(loader, layer, path, depth + 1, files);
        else
            warn_of_ignored(loader, path, name);
    }
}

static int compare_files(const void *a, const void *b)
{
    const struct rule_file *const *first = a, *const *second = b;
    int order = strcmp((*first)->name, (*second)->name);

    return order != 0 ? order : strcmp((*first)->source.path, (*second)->source.path);
}

/* One layer is complete: sorts it, refuses second files of a name, adds it to the set. */
static void add_layer(struct loader *loader, struct vec *files)
{
    if (files->count > 1)
        qsort(files->items, files->count, sizeof(*files->items), compare_files);
    for (size_t i = 0; i < files->count; i++) {
        struct rule_file *file = files->items[i], *first = i > 0 ? files->items[i - 1] : NULL;

        vec_push(loader->set->arena, &loader->set->files, file);
        if (first == NULL || strcmp(first->name, file->name) != 0)
            continue;
        diagnose(loader->diagnostics, DIAG_DUPLICATE_RULE, file_mark(file), "rename or remove one of them",
                 "this layer has a file of the same name, '%s'", first->source.path);
        file->state = FILE_BROKEN;
    }
}

void layers_find(struct loader *loader)
{
    struct arena *arena = loader->set->arena;
    struct vec single = {0};

    for (const char *const *layer = loader->options->layers; layer != NULL && *layer != NULL; layer++) {
        struct vec files = {0};
        const char *name = arena_strdup(arena, *layer);
        scan(loader, name, name, 0, &files);
        add_layer(loader, &files);
    }
    for (const char *const *path = loader->options->files; path != NULL && *path != NULL; path++) {
        if (file_is_directory(*path, true))
            scan(loader, NULL, *path, 0, &single);
        else
            vec_push(arena, &single, new_file(arena, arena_strdup(arena, *path), NULL));
    }
    for (size_t i = 0; i < single.count; i++)
        layer_file(single.items[i])->from_options = true;
    add_layer(loader, &single);
}

void leave_out(struct loader *loader, struct rule_file *file)
{
    file->state = FILE_BROKEN;
    file->other = NULL;
    loader->left_out++;
}

static bool is_null_device(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/* Nothing but white space and comments. */
static bool says_nothing(const struct source *source)
{
    for (size_t i = 0; i < source->length; i++) {
        const char *line_end;

        if (strchr(" \t\r\n", source->text[i]) != NULL && source->text[i] != '\0')
            continue;
        if (source->text[i] != '#')
            return false;
        line_end = memchr(source->text + i, '\n', source->length - i);
        if (line_end == NULL)
            return true;
        i = (size_t)(line_end - source->text);
    }
    return true;
}

/* Fills in the text, without the byte order mark that some editors put before it. 0 or a negative errno. */
static int read_source(struct arena *arena, struct source *source)
{
    char *text;
    const int error = file_read(arena, source->path, RULE_FILE_LIMIT, &text, &source->length);
    const size_t mark = error == 0 && text_starts(text, "\xef\xbb\xbf") ? 3 : 0;

    if (error < 0)
        return error;
    source->text = text + mark;
    source->length -= mark;
    return 0;
}

bool layer_read_text(struct loader *loader, struct layer_file *layer)
{
    struct source *source = &layer->file.source;
    int error;

    if (layer->read)
        return true;
    error = read_source(loader->set->arena, source);
    if (error < 0 && is_null_device(source->path)) {
        source->text = "";
        source->length = 0;
        layer->read = layer->mask = true;
        return true;
    }
    if (error < 0) {
        diagnose(loader->diagnostics, DIAG_UNREADABLE, file_mark(&layer->file),
                 error == -EFBIG ? "a rule file may have 1 MiB" : NULL, "the rule file cannot be read: %s",
                 file_error(error));
        leave_out(loader, &layer->file);
        return false;
    }
    layer->read = true;
    layer->digested = false; /* it may have changed since */
    layer->mask = says_nothing(source);
    return true;
}

/* Decides the states of all files that are not broken; reads those that win. */
static void layers_resolve(struct loader *loader)
{
    struct map winners = {0};

    for (size_t i = loader->set->files.count; i-- > 0;) {
        struct layer_file *layer = loader->set->files.items[i];
        const struct rule_file *winner = map_get(&winners, layer->file.name);

        if (layer->file.state == FILE_BROKEN)
            continue;
        layer->file.other = winner;
        if (winner != NULL) {
            layer->file.state = winner->state == FILE_MASK ? FILE_MASKED : FILE_HIDDEN;
        } else if (layer->mask || layer->known || layer_read_text(loader, layer)) {
            layer->file.state = layer->mask ? FILE_MASK : FILE_USED;
            map_put(loader->set->arena, &winners, layer->file.name, &layer->file);
        }
    }
}

static const char *node_text(const struct yaml_node *tree, const char *key)
{
    const struct yaml_node *node = tree->kind == YAML_NODE_MAPPING ? yaml_get(tree, key) : NULL;

    return node != NULL && node->kind == YAML_NODE_SCALAR ? node->value : NULL;
}

/* Whose rule the file is or changes, as far as its tree says so. */
static void name_rule(struct layer_file *layer)
{
    const struct yaml_node *tree = layer->file.tree;
    const char *rule = node_text(tree, "rule");

    layer->file.extends = rule == NULL && node_text(tree, "extends") != NULL;
    layer->file.id = rule != NULL ? rule : node_text(tree, "extends");
}

/* What the index keeps, from a sound tree. */
static void know(struct loader *loader, struct layer_file *layer)
{
    const struct yaml_node *tree = layer->file.tree;
    struct arena *arena = loader->set->arena;

    if (layer->known)
        return;
    name_rule(layer);
    layer->document = node_text(tree, "document");
    layer->checks = yaml_get(tree, "checks") != NULL;
    layer->gate.paths = gate_of_rule(arena, tree, loader->set->vocabulary);
    layer->traces.paths = list_texts(arena, yaml_get(tree, "traces"));
    references_collect(arena, layer);
    layer->known = true;
}

/* What a file is probably about that could not be parsed: others may build on it. */
static void guess_id(struct loader *loader, struct layer_file *layer)
{
    if (layer->file.id == NULL)
        layer->file.id = arena_strndup(loader->set->arena, layer->file.name, strcspn(layer->file.name, "."));
}

static struct store_key tree_key(struct layer_file *layer)
{
    layer_take_digest(layer);
    return (struct store_key){STORE_TREE, &layer->digest, sizeof(layer->digest)};
}

/* A tree that passed all checks when it was kept. */
static bool recall_tree(struct loader *loader, struct layer_file *layer)
{
    struct source *source = &layer->file.source;
    struct store *store = loader->options->store;
    size_t length = 0;
    const char *kept = store_knows(store) ? store_get(store, tree_key(layer), &length) : NULL;

    if (kept == NULL)
        return false;
    source->length = layer->length;
    layer->file.tree = yaml_unpack(loader->set->arena, source, kept, length);
    return layer->file.tree != NULL;
}

static void keep_tree(struct loader *loader, struct layer_file *layer)
{
    AUTO(buf_free) struct buf packed = BUF_INIT;

    if (!store_keeps(loader->options->store))
        return;
    yaml_pack(&packed, layer->file.tree);
    store_put(loader->options->store, tree_key(layer), packed.data, packed.length);
}

static bool is_at(const struct diagnostics *list, const struct mark *at)
{
    for (size_t i = 0; i < list->list.count; i++) {
        const struct mark *other = &((const struct diagnostic *)list->list.items[i])->at;
        if (other->line == at->line && other->column == at->column)
            return true;
    }
    return false;
}

/* Reads a text and checks it; what is wrong with the grammar where the text itself is wrong only follows from that. */
static bool read_tree(struct loader *loader, struct layer_file *layer, struct diagnostics *found, bool *ret_empty)
{
    struct diagnostics grammar = {.arena = found->arena};
    struct yaml_node *tree = yaml_read(loader->set->arena, &layer->file.source, found, ret_empty);

    layer->file.tree = tree;
    if (tree == NULL)
        return false;
    name_rule(layer);
    struct diagnostics newer = {.arena = found->arena};
    if (!grammar_understood(tree, &newer)) {
        *found = newer;
        return false;
    }
    const bool sound = grammar_check(tree, loader->set->vocabulary, &grammar) && found->errors == 0;
    const size_t before = found->list.count;
    const struct diagnostics text = {.list = {.items = found->list.items, .count = before}};
    for (size_t i = 0; i < grammar.list.count; i++) {
        const struct diagnostic *diagnostic = grammar.list.items[i];
        if (!is_at(&text, &diagnostic->at))
            diagnostics_add(found, diagnostic);
    }
    if (!sound)
        layer->recovered = recover_tree(loader->set->arena, tree, loader->set->vocabulary, found, &layer->lost);
    return sound;
}

void layer_parse(struct loader *loader, struct layer_file *layer)
{
    struct diagnostics found = {.arena = loader->diagnostics->arena};
    bool empty = false;

    const bool known = loader->options->texts_later && !layer->read && layer->digested;

    layer->parsed = true;
    if (!(known && recall_tree(loader, layer)) && !layer_read_text(loader, layer))
        return;
    if (layer->file.tree != NULL || recall_tree(loader, layer)) {
        know(loader, layer);
        return;
    }
    const bool sound = read_tree(loader, layer, &found, &empty);
    for (size_t i = 0; i < found.list.count; i++)
        diagnostics_add(loader->diagnostics, found.list.items[i]);
    if (sound) {
        know(loader, layer);
        keep_tree(loader, layer);
        return;
    }
    if (layer->file.tree == NULL && empty) {
        layer->mask = true;
        loader->left_out++;
        return;
    }
    guess_id(loader, layer);
    leave_out(loader, &layer->file);
}

/* With another document wanted, more of a file counts. */
static void follow_again(const struct vec *files)
{
    for (size_t i = 0; i < files->count; i++)
        ((struct layer_file *)files->items[i])->followed = false;
}

/* Learns what all used files are about, then reads what is wanted, and what that refers to, until nothing more is. */
static void read_wanted(struct loader *loader)
{
    const struct vec *files = &loader->set->files;
    struct wanted *wanted = arena_new_object(loader->set->arena, struct wanted);
    size_t documents = 0;

    for (size_t i = 0; i < files->count; i++) {
        struct layer_file *layer = files->items[i];
        if (layer->file.state == FILE_USED && !layer->known)
            layer_parse(loader, layer);
    }
    wanted_start(loader, wanted);
    if (loader->muting)
        muted_know(loader, wanted);
    while (wanted->changed) {
        wanted->changed = false;
        if (documents != wanted->documents.count || documents == 0)
            follow_again(files);
        documents = wanted->documents.count;
        for (size_t i = 0; i < files->count; i++) {
            struct layer_file *layer = files->items[i];
            if (layer->file.state != FILE_USED || !wanted_has(wanted, layer))
                continue;
            if (!layer->parsed)
                layer_parse(loader, layer);
            if (layer->file.tree != NULL && !layer->followed)
                references_follow(wanted, layer);
            layer->followed = true;
        }
        if (loader->muting)
            muted_follow(loader, wanted);
    }
    for (size_t i = 0; i < files->count; i++) {
        struct layer_file *layer = files->items[i];
        if (layer->file.state == FILE_USED && !wanted_has(wanted, layer))
            layer->file.state = FILE_SKIPPED;
    }
}

void layers_read(struct loader *loader)
{
    size_t before;

    index_recall(loader);
    do {
        before = loader->left_out;
        layers_resolve(loader);
        read_wanted(loader);
    } while (loader->left_out != before);
    index_keep(loader);
}

bool layers_read_texts(struct rule_set *set)
{
    bool any = false;

    for (size_t i = 0; i < set->files.count; i++) {
        struct layer_file *layer = set->files.items[i];
        struct source *source = &layer->file.source;
        struct source now = {.path = source->path};
        if (layer->read || layer->file.state != FILE_USED)
            continue;
        layer->read = any = true;
        if (read_source(set->arena, &now) == 0 && now.length == source->length)
            source->text = now.text;
    }
    return any;
}

void layers_lint(struct loader *loader)
{
    struct map masking = {0};

    for (size_t i = 0; i < loader->set->files.count; i++) {
        const struct layer_file *layer = loader->set->files.items[i];
        const struct rule_file *file = &layer->file;

        if (file->state == FILE_HIDDEN && !layer_file(file->other)->from_options)
            diagnose(loader->diagnostics, DIAG_SHADOWED, file_mark(file), NULL, "this file is replaced by '%s'",
                     file->other->source.path);
        if (file->state == FILE_MASKED)
            map_put(loader->set->arena, &masking, file->other->source.path, file);
        if (file->state == FILE_MASK && map_get(&masking, file->source.path) == NULL)
            diagnose(loader->diagnostics, DIAG_MASKS_NOTHING, file_mark(file), "remove it, or correct its name",
                     "this file has nothing in it and there is no earlier '%s' to remove", file->name);
    }
}
