/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Explanations: rule, facts with what was looked at and found, decisions, what was emitted or not, and why. */
#include "base/text.h"
#include "write/write.h"

#include <string.h>

enum { SHOWN_ROWS = 12, SHOWN_TEXT = 100 };

struct explanation {
    struct buf *out;
    struct run *run;
    const struct document *document;
    const struct writer_options *options;
};

static const char *const verdict_colours[] = {
    [VERDICT_NO] = "\033[31m", [VERDICT_YES] = "\033[32m", [VERDICT_UNKNOWN] = "\033[33m"};

static void write_verdict(const struct explanation *explanation, enum verdict verdict)
{
    if (explanation->options->colour)
        buf_printf(explanation->out, "%s%s\033[0m", verdict_colours[verdict], verdict_name(verdict));
    else
        buf_add(explanation->out, verdict_name(verdict));
}

/* Paths, titles and reasons come from others: names of files may hold anything. */
static void write_safe(struct buf *out, const char *text)
{
    text_add_printable(out, text, strlen(text));
}

static void write_place(struct buf *out, struct mark at)
{
    if (!at.source)
        return;
    write_safe(out, at.source->path);
    buf_printf(out, ":%u", at.line);
}

static void write_reason(struct buf *out, const char *reason)
{
    if (!reason)
        return;
    buf_add(out, ": ");
    write_safe(out, reason);
}

static void write_short(struct buf *out, const char *text)
{
    size_t length = strcspn(text, "\n");
    bool cut = text[length] != '\0' || length > SHOWN_TEXT;
    if (length > SHOWN_TEXT)
        for (length = SHOWN_TEXT; length > 0 && ((unsigned char)text[length] & 0xc0U) == 0x80;)
            length--; /* not through a character */
    text_add_printable(out, text, length);
    if (cut)
        buf_add(out, "...");
}

/* "column=value column=value  (path:line)" */
static void write_row(const struct explanation *explanation, const struct row *row)
{
    struct buf *out = explanation->out;
    struct column *columns;
    size_t count = row_columns(run_arena(explanation->run), row, &columns);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s%s=", i ? " " : "", columns[i].name);
        write_short(out, columns[i].value);
    }
    if (!row->path)
        return;
    buf_add(out, "  (");
    write_safe(out, row->path);
    if (row->line)
        buf_printf(out, ":%u", row->line);
    buf_char(out, ')');
}

/* Of a list that is shown in part. */
static void write_excess(struct buf *out, size_t count)
{
    if (count > SHOWN_ROWS)
        buf_printf(out, "        and %zu more\n", count - SHOWN_ROWS);
}

/* Where it comes from, as the rule says it: reference: of a rule or fact. */
static void write_references(struct buf *out, const char *indent, const struct yaml_node *owner)
{
    const struct yaml_node *node = owner != NULL ? yaml_get(owner, "reference") : NULL;
    if (!node)
        return;
    for (size_t i = 0; i < (node->kind == YAML_NODE_SEQUENCE ? node->count : 1); i++) {
        buf_printf(out, "%sreference ", indent);
        write_safe(out, node->kind == YAML_NODE_SEQUENCE ? node->items[i]->value : node->value);
        buf_char(out, '\n');
    }
}

static void write_fact(const struct explanation *explanation, const struct fact *fact)
{
    struct buf *out = explanation->out;
    const struct table *table = run_fact(explanation->run, fact);
    buf_printf(out, "    %-18s ", fact->name);
    write_verdict(explanation, table->verdict);
    if (table->verdict == VERDICT_YES)
        buf_printf(out, ", %zu row%s", table->count, table->count == 1 ? "" : "s");
    write_reason(out, table->reason);
    buf_add(out, "  [");
    write_place(out, fact->at);
    buf_add(out, "]\n");
    write_references(out, "        ", yaml_get(yaml_get(fact->rule->merged, "facts"), fact->name));
    for (size_t i = 0; i < table->observations.count && i < SHOWN_ROWS; i++) {
        const struct observation *seen = table->observations.items[i];
        buf_add(out, "        looked at ");
        write_safe(out, seen->path ? seen->path : fact->source->name);
        write_reason(out, seen->text);
        buf_char(out, '\n');
    }
    write_excess(out, table->observations.count);
    for (size_t i = 0; i < table->count && i < SHOWN_ROWS; i++) {
        buf_add(out, "        found ");
        write_row(explanation, table->rows[i]);
        buf_char(out, '\n');
    }
    write_excess(out, table->count);
}

static const char *const result_words[] = {
    [EMITTED] = "emitted", [EMIT_SKIPPED] = "skipped", [EMIT_REMOVED] = "removed"};

static void write_emission(struct buf *out, const struct emission *emission)
{
    buf_printf(out, "    %-8s ", result_words[emission->result]);
    buf_add(out, emission->path ? emission->path : "entry");
    if (emission->value && *emission->value) {
        buf_add(out, " = ");
        write_short(out, emission->value);
    }
    write_reason(out, emission->reason);
    buf_add(out, "  [");
    write_place(out, emission->assignment ? emission->assignment->path->at : emission->entry->at);
    buf_add(out, "]\n");
}

static size_t count_emissions(const struct explanation *explanation, const struct rule *rule,
                              enum emission_result result)
{
    size_t count = 0;
    for (size_t i = 0; explanation->document && i < explanation->document->emissions.count; i++) {
        const struct emission *emission = explanation->document->emissions.items[i];
        count += emission->entry && emission->entry->rule == rule && emission->result == result;
    }
    return count;
}

static void write_available(const struct explanation *explanation, const struct rule *rule)
{
    const char *reason = NULL;
    enum verdict verdict = condition_eval(explanation->run, NULL, rule->available, &reason);
    write_verdict(explanation, verdict);
    write_reason(explanation->out, verdict == VERDICT_YES ? NULL : reason);
    buf_char(explanation->out, '\n');
}

static void write_overlay(struct buf *out, const struct rule *rule, const struct source *source)
{
    buf_add(out, "    changed by ");
    write_safe(out, source->path);
    buf_char(out, '\n');
    for (size_t i = 0; i < rule->hidden.count; i++) {
        const struct hidden_part *hidden = rule->hidden.items[i];
        if (hidden->at.source != source)
            continue;
        buf_printf(out, "        %s %s of ", hidden->by ? "replaces" : "drops", hidden->part);
        write_place(out, hidden->was->at);
        buf_char(out, '\n');
    }
}

static void write_heading(const struct explanation *explanation, const struct rule *rule)
{
    struct buf *out = explanation->out;
    struct run *run = explanation->run;
    const char *others = rules_hidden_files(run_arena(run), run_rules(run), rule->at.source);
    buf_printf(out, "rule %s", rule->id);
    if (rule->title) {
        buf_add(out, " (");
        write_safe(out, rule->title);
        buf_char(out, ')');
    }
    buf_add(out, "\n    from ");
    write_place(out, rule->at);
    buf_add(out, others ? ", hides " : "");
    write_safe(out, others ? others : "");
    buf_char(out, '\n');
    write_references(out, "    ", rule->merged);
    for (size_t i = 0; i < rule->overlays.count; i++)
        write_overlay(out, rule, rule->overlays.items[i]);
}

static void write_rule(const struct explanation *explanation, const struct rule *rule)
{
    struct buf *out = explanation->out;
    write_heading(explanation, rule);
    if (rule->facts.count)
        buf_add(out, "facts\n");
    for (size_t i = 0; i < rule->facts.count; i++)
        write_fact(explanation, rule->facts.entries[i].value);
    if (rule->emit_count == 0)
        return;
    buf_add(out, "decisions\n    available          ");
    write_available(explanation, rule);
    for (size_t i = 0; explanation->document && i < explanation->document->emissions.count; i++) {
        const struct emission *emission = explanation->document->emissions.items[i];
        if (emission->entry && emission->entry->rule == rule)
            write_emission(out, emission);
    }
}

static void write_summary(const struct explanation *explanation, const struct rule *rule)
{
    if (rule->emit_count == 0)
        return;
    buf_printf(explanation->out, "%-16s ", rule->id);
    size_t emitted = count_emissions(explanation, rule, EMITTED);
    size_t removed = count_emissions(explanation, rule, EMIT_REMOVED);
    buf_printf(explanation->out, "%4zu emitted, %zu skipped", emitted,
               count_emissions(explanation, rule, EMIT_SKIPPED));
    if (removed)
        buf_printf(explanation->out, ", %zu removed", removed);
    buf_add(explanation->out, "; available: ");
    write_available(explanation, rule);
}

void write_explanation(struct buf *out, struct run *run, const struct document *document, const struct rule *rule,
                       const struct writer_options *options)
{
    const struct explanation explanation = {out, run, document, options};
    if (rule) {
        write_rule(&explanation, rule);
        return;
    }
    const struct rule_set *set = run_rules(run);
    for (size_t i = 0; i < set->rules.count; i++) {
        const struct rule *each = set->order[i];
        if (!document || text_equal(each->document, document->name))
            write_summary(&explanation, each);
    }
}

static void write_turn(const struct explanation *explanation, const struct emit_entry *entry, const struct row *row)
{
    buf_printf(explanation->out, "    rule %s", entry->rule->id);
    if (row) {
        buf_printf(explanation->out, ", for %s: ", row->fact->name);
        write_row(explanation, row);
    }
    buf_char(explanation->out, '\n');
}

/* Did this emission put something into the node itself? */
static bool is_about(const struct emission *emission, const xmlNode *node)
{
    if (emission->result != EMITTED)
        return false;
    return emission->node == node ||
           (node->type == XML_ATTRIBUTE_NODE && emission->node == node->parent && emission->assignment);
}

/* An entry that makes a node on its way to another one has no emission of its own there. */
static void write_maker(const struct explanation *explanation, const xmlNode *node)
{
    const struct origin *origin = node_origin(node);
    const struct vec *emissions = &explanation->document->emissions;
    if (!origin)
        return;
    for (size_t i = 0; i < emissions->count; i++) {
        const struct emission *emission = emissions->items[i];
        if (emission->entry == origin->entry && is_about(emission, node))
            return;
    }
    write_turn(explanation, origin->entry, origin->row);
    buf_printf(explanation->out, "    made     %s  [", (const char *)node->name);
    write_place(explanation->out, origin->entry->at);
    buf_add(explanation->out, "]\n");
}

static void write_node_origin(const struct explanation *explanation, const xmlNode *node)
{
    const struct vec *emissions = &explanation->document->emissions;
    const xmlNode *named = node->type == XML_TEXT_NODE ? node->parent : node;
    buf_printf(explanation->out, "%s\n", xml_path(run_arena(explanation->run), node));
    write_maker(explanation, named);
    for (size_t i = 0; i < emissions->count; i++) {
        const struct emission *emission = emissions->items[i];
        if (!is_about(emission, named))
            continue;
        write_turn(explanation, emission->entry, emission->row);
        write_emission(explanation->out, emission);
    }
}

bool write_node_explanation(struct buf *out, struct run *run, const struct document *document, const char *xpath,
                            const struct writer_options *options, const char **ret_error)
{
    const struct explanation explanation = {out, run, document, options};
    struct xpath_result result = {0};
    /* Rules write paths below the root element. */
    const xmlNode *context = *xpath == '/' ? NULL : xml_root(document->xml);
    if (!document_xpath(run_arena(run), document->xml, context, xpath, NULL, &result, ret_error))
        return false;
    for (size_t i = 0; i < result.count; i++)
        write_node_origin(&explanation, result.nodes[i]);
    if (result.count == 0)
        buf_printf(out, "nothing in the document matches %s\n", xpath);
    return true;
}
