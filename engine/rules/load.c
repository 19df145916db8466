/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loading: merge and link what was read; leave out what turns out broken, and do it again, until what remains is sound.
 *
 * An overlay is never allowed to break the rule that it changes: when errors come up in a sound rule, the overlay that
 * causes them is looked for by linking without it.
 */
#include "rules/image.h"

#include "base/text.h"

#include <string.h>

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {[VERDICT_NO] = "no", [VERDICT_YES] = "yes", [VERDICT_UNKNOWN] = "unknown"};

    return names[verdict];
}

struct rule *rule_set_find(const struct rule_set *set, const char *id)
{
    return map_get(&set->rules, id);
}

void rule_set_free(struct rule_set *set)
{
    if (set != NULL)
        arena_free(set->arena);
}

static bool is_error_of(const struct diagnostic *diagnostic, const struct rule_file *file)
{
    return diagnostic->kind->severity == SEVERITY_ERROR && diagnostic->at.source == &file->source;
}

static bool has_errors(const struct diagnostics *found, const struct rule_file *file)
{
    for (size_t i = 0; i < found->list.count; i++) {
        if (is_error_of(found->list.items[i], file))
            return true;
    }
    return false;
}

/* One attempt: used files but one (NULL: all), with overlays or only rules. Gives the number of errors found. */
static size_t attempt(struct loader *loader, const struct rule_file *without, bool overlays, struct diagnostics *found)
{
    struct rule_set *set = loader->set;
    struct vec used = {0}, drafts;

    set->rules = (struct map){0};
    set->order = NULL;
    set->fact_count = 0;
    for (size_t i = 0; i < set->files.count; i++) {
        const struct rule_file *file = set->files.items[i];
        if (file->state == FILE_USED && file != without && (overlays || !file->extends))
            vec_push(set->arena, &used, file);
    }
    do {
        *found = (struct diagnostics){.arena = loader->diagnostics->arena};
        drafts = merge_files(set->arena, &used, found);
        muted_add_drafts(loader, &drafts);
        link_drafts(set, &drafts, loader->options->store, found);
    } while (found->errors > 0 && muted_drop(loader, found));
    return found->errors;
}

/* Does the left-out file have the text that the mark spans? */
static bool has_marked_text(const struct rule_file *left_out, const struct mark *mark)
{
    struct line_cursor cursor = {0};
    size_t length = 0;
    const char *line = line_at(&cursor, mark, &length);

    if (left_out->source.text == NULL || mark->column == 0 || mark->end_column <= mark->column ||
        mark->end_column - 1 > length)
        return true;
    return memmem(left_out->source.text, left_out->source.length, line + mark->column - 1,
                  mark->end_column - mark->column) != NULL;
}

/* Is it probable that a file has what an error says is not there? */
static bool had_name(const struct rule_file *left_out, const struct diagnostic *diagnostic,
                     const struct rule_file *file)
{
    struct line_cursor cursor = {0};
    size_t length = 0;
    const char *line;

    if (left_out->state != FILE_BROKEN || left_out->id == NULL || left_out == file)
        return false;
    if (strcmp(left_out->id, file->id) == 0)
        return has_marked_text(left_out, &diagnostic->at);
    line = line_at(&cursor, &diagnostic->at, &length);
    return length > 0 && mentions_rule(line, length, left_out->id);
}

/* The left-out file that a name was probably to come from, rather a rule than an overlay; NULL: none. */
static const struct rule_file *missing_file(const struct loader *loader, const struct diagnostic *diagnostic,
                                            const struct rule_file *file)
{
    const struct rule_file *missing = NULL;

    if (diagnostic->kind != diagnostic_kind(DIAG_UNKNOWN_NAME) && diagnostic->kind != diagnostic_kind(DIAG_LEFT_OUT))
        return NULL;
    for (size_t i = 0; i < loader->set->files.count; i++) {
        const struct rule_file *other = loader->set->files.items[i];
        if ((missing == NULL || !other->extends) && had_name(other, diagnostic, file))
            missing = other;
    }
    return missing;
}

/* Tells a file's errors, or one HV037 when they all come from what was left out before. */
static void report_errors(struct loader *loader, const struct rule_file *file, const struct diagnostics *found)
{
    const struct rule_file *missing = NULL;
    const struct diagnostic *first = NULL;

    for (size_t i = 0; i < found->list.count; i++) {
        const struct diagnostic *diagnostic = found->list.items[i];
        if (!is_error_of(diagnostic, file))
            continue;
        missing = missing_file(loader, diagnostic, file);
        if (first == NULL)
            first = diagnostic;
        if (missing == NULL)
            break;
    }
    if (missing != NULL) {
        diagnose(loader->diagnostics, DIAG_LEFT_OUT, first->at,
                 arena_printf(loader->diagnostics->arena, "correct '%s' first", missing->source.path),
                 "this builds on '%s', which was left out", missing->id);
    }
    for (size_t i = 0; missing == NULL && i < found->list.count; i++) {
        if (is_error_of(found->list.items[i], file))
            diagnostics_add(loader->diagnostics, found->list.items[i]);
    }
}

/* All are reported before the first is left out, so that none is taken for the cause of another's errors. */
static bool leave_out_all(struct loader *loader, const struct vec *files, const struct diagnostics *found)
{
    for (size_t i = 0; i < files->count; i++)
        report_errors(loader, files->items[i], found);
    for (size_t i = 0; i < files->count; i++)
        leave_out(loader, files->items[i]);
    return files->count > 0;
}

/* Overlays that have errors in their own text. */
static bool leave_out_overlays(struct loader *loader, const struct diagnostics *found)
{
    struct vec broken = {0};

    for (size_t i = 0; i < loader->set->files.count; i++) {
        const struct rule_file *file = loader->set->files.items[i];
        if (file->state == FILE_USED && file->extends && has_errors(found, file))
            vec_push(loader->set->arena, &broken, file);
    }
    return leave_out_all(loader, &broken, found);
}

/* Rules that have errors without any overlay, too. */
static bool leave_out_rules(struct loader *loader, const struct diagnostics *found)
{
    struct diagnostics alone;
    struct vec broken = {0};

    attempt(loader, NULL, false, &alone);
    for (size_t i = 0; i < loader->set->files.count; i++) {
        const struct rule_file *file = loader->set->files.items[i];
        if (file->state == FILE_USED && has_errors(found, file) && has_errors(&alone, file))
            vec_push(loader->set->arena, &broken, file);
    }
    return leave_out_all(loader, &broken, found);
}

static void blame(struct loader *loader, struct rule_file *overlay, const struct diagnostics *found)
{
    const struct yaml_node *extends = yaml_get(overlay->tree, "extends");
    struct arena *arena = loader->diagnostics->arena;

    for (size_t i = 0; i < found->list.count; i++) {
        const struct diagnostic *diagnostic = found->list.items[i];
        struct diagnostic *moved;

        if (diagnostic->kind->severity != SEVERITY_ERROR)
            continue;
        moved = arena_memdup(arena, diagnostic, sizeof(*moved));
        moved->at = extends->at;
        if (diagnostic->at.source != NULL)
            moved->message = arena_printf(arena, "with this file, '%s', line %u, is wrong: %s",
                                          diagnostic->at.source->path, diagnostic->at.line, diagnostic->message);
        moved->hint = "take away or replace what needs the part that is gone, too";
        diagnostics_add(loader->diagnostics, moved);
    }
    leave_out(loader, overlay);
}

/* The overlay without which there are fewer errors, the last such; else the last of all. */
static bool blame_overlay(struct loader *loader, const struct diagnostics *found)
{
    struct rule_file *last = NULL;

    for (size_t i = loader->set->files.count; i-- > 0;) {
        struct rule_file *file = loader->set->files.items[i];
        struct diagnostics without;

        if (file->state != FILE_USED || !file->extends)
            continue;
        if (last == NULL)
            last = file;
        if (attempt(loader, file, true, &without) < found->errors) {
            last = file;
            break;
        }
    }
    if (last != NULL)
        blame(loader, last, found);
    return last != NULL;
}

/* No file is to blame: nothing can be used, but what is wrong is told. */
static void give_up(struct loader *loader, const struct diagnostics *found)
{
    struct diagnostics nothing;

    for (size_t i = 0; i < found->list.count; i++)
        diagnostics_add(loader->diagnostics, found->list.items[i]);
    for (size_t i = 0; i < loader->set->files.count; i++) {
        struct rule_file *file = loader->set->files.items[i];
        if (file->state == FILE_USED)
            leave_out(loader, file);
    }
    attempt(loader, NULL, true, &nothing);
}

/* Is an error there only because a name was taken away with what is wrong? */
static bool is_lost(const struct layer_file *layer, const struct diagnostic *diagnostic)
{
    struct line_cursor cursor = {0};
    size_t length = 0;
    const char *line = line_at(&cursor, &diagnostic->at, &length);

    if (diagnostic->kind != diagnostic_kind(DIAG_UNKNOWN_NAME) || line == NULL)
        return false;
    for (size_t i = 0; i < layer->lost.count; i++) {
        const char *name = layer->lost.items[i];
        if (strncmp(line + diagnostic->at.column - 1, name, strlen(name)) == 0)
            return true;
    }
    return false;
}

/* Links a file of which a part is left, in place of that which is used instead, to tell what else is wrong with it. */
static void link_recovered(struct loader *loader, struct layer_file *layer)
{
    const struct vec *files = &loader->set->files;
    struct rule_file *instead = NULL;
    struct diagnostics found;

    for (size_t i = 0; i < files->count; i++) {
        struct rule_file *file = files->items[i];
        if (file->state == FILE_USED && text_equal(file->name, layer->file.name))
            instead = file;
    }
    if (instead != NULL)
        instead->state = FILE_HIDDEN;
    layer->file.state = FILE_USED;
    layer->file.tree = layer->recovered;
    attempt(loader, NULL, true, &found);
    layer->file.state = FILE_BROKEN;
    if (instead != NULL)
        instead->state = FILE_USED;
    for (size_t i = 0; i < found.list.count; i++)
        if (is_error_of(found.list.items[i], &layer->file) && !is_lost(layer, found.list.items[i]))
            diagnostics_add(loader->diagnostics, found.list.items[i]);
}

void rules_read_texts(struct rule_set *set)
{
    if (set != NULL)
        layers_read_texts(set);
}

/* Links what is used. When that fails texts are needed: for the places of errors, and to tell what caused them. */
static size_t link_used(struct loader *loader, struct diagnostics *found)
{
    const size_t errors = attempt(loader, NULL, true, found);

    return errors > 0 && layers_read_texts(loader->set) ? attempt(loader, NULL, true, found) : errors;
}

static void link_files(struct loader *loader)
{
    struct diagnostics found;

    if (loader->left_out > 0)
        rules_read_texts(loader->set);
    for (size_t i = 0; loader->left_out > 0 && i < loader->set->files.count; i++) {
        struct layer_file *layer = loader->set->files.items[i];
        if (layer->recovered != NULL)
            link_recovered(loader, layer);
    }
    while (link_used(loader, &found) > 0) {
        if (!muted_begin(loader) && !leave_out_overlays(loader, &found) && !leave_out_rules(loader, &found) &&
            !blame_overlay(loader, &found)) {
            give_up(loader, &found);
            return;
        }
        layers_read(loader);
    }
    for (size_t i = 0; loader->options->lint && i < found.list.count; i++)
        diagnostics_add(loader->diagnostics, found.list.items[i]);
}

struct rule_set *rules_load(const struct load_options *options, const struct vocabulary *vocabulary,
                            struct diagnostics *diagnostics)
{
    struct rule_set *set = image_recall(options, vocabulary);

    if (set)
        return set;
    struct arena *arena = arena_new();
    set = arena_new_object(arena, struct rule_set);
    struct loader loader = {
        .set = set,
        .options = options,
        .diagnostics = diagnostics,
        .told = diagnostics->list.count,
    };
    set->arena = arena;
    set->vocabulary = vocabulary;
    layers_find(&loader);
    layers_read(&loader);
    link_files(&loader);
    if (options->lint) {
        layers_lint(&loader);
        lint_rules(set, diagnostics);
    } else {
        warn_of_misspelt_parts(set, diagnostics);
    }
    image_keep(&loader);
    if (options->identities && loader.identities.bytes) {
        buf_add_n(options->identities, loader.directories.data, loader.directories.length);
        buf_add_n(options->identities, loader.identities.bytes, loader.identities.length);
    }
    buf_free(&loader.directories);
    diagnostics_sort(diagnostics);
    return set;
}

const char *rules_hidden_files(struct arena *arena, const struct rule_set *set, const struct source *source)
{
    const char *paths = NULL;

    for (size_t i = 0; i < set->files.count; i++) {
        const struct rule_file *file = set->files.items[i];
        if (file->other && &file->other->source == source)
            paths = paths ? arena_printf(arena, "%s, %s", paths, file->source.path) : file->source.path;
    }
    return paths;
}

const struct yaml_node *rules_merge(struct arena *arena, const struct vec *files)
{
    struct diagnostics diagnostics = {.arena = arena};
    const struct vec drafts = merge_files(arena, files, &diagnostics);

    return drafts.count > 0 ? ((const struct draft *)drafts.items[0])->tree : NULL;
}
