/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each layer changes in those before it, with the difference of the merged rules. */
#include "base/text.h"
#include "cli/rules.h"
#include "write/diff.h"

#include <string.h>

struct delta {
    struct session *session;
    struct buf out;
    size_t count;
};

static bool is_wanted(const struct delta *delta, const struct rule_file *file)
{
    const struct invocation *invocation = delta->session->invocation;
    for (size_t i = 1; i < invocation->word_count; i++) {
        const char *word = invocation->words[i];
        size_t length = strlen(word);
        bool name = strncmp(file->name, word, length) == 0 && text_equal(file->name + length, ".yaml");
        if (name || text_equal(file->id, word))
            return true;
    }
    return invocation->word_count == 1;
}

static void head(struct delta *delta, const char *word, const char *strong, const char *weak)
{
    bool colour = delta->session->writer_options.colour;
    buf_printf(&delta->out, "%s%s[%s]%s ", delta->count ? "\n" : "", colour ? "\033[1m" : "", word,
               colour ? "\033[0m" : "");
    text_add_printable(&delta->out, strong, strlen(strong));
    buf_add(&delta->out, weak ? " -> " : "");
    text_add_printable(&delta->out, weak ? weak : "", weak ? strlen(weak) : 0);
    buf_char(&delta->out, '\n');
    delta->count++;
}

/* A tree without comments and places, so that only what counts differs. */
static void plain_yaml(struct buf *out, const struct yaml_node *tree)
{
    if (tree)
        yaml_write(out, tree, NULL, NULL);
}

/* The head says so when nothing that counts differs. */
static void add_change(struct delta *delta, const char *word, const char *strong, const char *weak,
                       const struct yaml_node *old, const struct yaml_node *new)
{
    AUTO(buf_free) struct buf before = BUF_INIT;
    AUTO(buf_free) struct buf after = BUF_INIT;
    plain_yaml(&before, old);
    plain_yaml(&after, new);
    head(delta, text_equal(buf_text(&before), buf_text(&after)) ? "EQUIVALENT" : word, strong, weak);
    write_diff(&delta->out, weak, buf_text(&before), strong, buf_text(&after), &delta->session->writer_options);
}

static void add_overridden(struct delta *delta, const struct rule_file *file)
{
    const char *path = file->source.path, *other = file->other->source.path;
    if (file->state == FILE_MASKED) {
        head(delta, "MASKED", other, path);
        return;
    }
    add_change(delta, "OVERRIDDEN", other, path, session_file_tree(delta->session->arena, file),
               session_file_tree(delta->session->arena, file->other));
}

/* The files that a rule is made of up to one of its overlays, that one left out or not. */
static struct vec parts(struct delta *delta, const struct rule_file *overlay, bool with)
{
    const struct vec *files = &delta->session->rules->files;
    struct vec list = {0};
    for (size_t i = 0; i < files->count; i++) {
        const struct rule_file *file = files->items[i];
        if (file == overlay && !with)
            break;
        if (file->state == FILE_USED && file->tree && text_equal(file->id, overlay->id))
            vec_push(delta->session->arena, &list, file);
        if (file == overlay)
            break;
    }
    return list;
}

/* A rule may stand in a layer after the one that extends it. */
static const struct yaml_node *merge_parts(struct delta *delta, struct vec list, const struct rule *rule)
{
    const struct vec *files = &delta->session->rules->files;
    struct vec all = {0};
    for (size_t i = 0; rule && i < files->count; i++) {
        const struct rule_file *file = files->items[i];
        if (file->state == FILE_USED && !file->extends && text_equal(file->id, rule->id))
            vec_push(delta->session->arena, &all, file);
    }
    for (size_t i = 0; i < list.count; i++)
        if (((const struct rule_file *)list.items[i])->extends)
            vec_push(delta->session->arena, &all, list.items[i]);
    return rules_merge(delta->session->arena, &all);
}

static void add_extended(struct delta *delta, const struct rule_file *overlay)
{
    const struct rule *rule = rule_set_find(delta->session->rules, overlay->id);
    const char *base = rule && rule->at.source ? rule->at.source->path : overlay->id;
    add_change(delta, "EXTENDED", overlay->source.path, base, merge_parts(delta, parts(delta, overlay, false), rule),
               merge_parts(delta, parts(delta, overlay, true), rule));
}

static void add_file(struct delta *delta, const struct rule_file *file)
{
    if (file->state == FILE_HIDDEN || file->state == FILE_MASKED)
        add_overridden(delta, file);
    else if (file->state == FILE_BROKEN)
        head(delta, "BROKEN", file->source.path, NULL);
    else if (file->state == FILE_USED && file->extends)
        add_extended(delta, file);
}

enum status rules_delta(struct session *session)
{
    struct delta delta = {.session = session, .out = BUF_INIT};
    for (size_t i = 0; i < session->rules->files.count; i++) {
        const struct rule_file *file = session->rules->files.items[i];
        if (is_wanted(&delta, file))
            add_file(&delta, file);
    }
    buf_printf(&delta.out, "%s%zu change%s\n", delta.count ? "\n" : "", delta.count, delta.count == 1 ? "" : "s");
    enum status status = output(&delta.out, STATUS_OK);
    buf_free(&delta.out);
    return status;
}
