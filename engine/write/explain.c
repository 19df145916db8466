/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a rule did here: what was decided and why, facts with what was looked at and found. The answer comes first. */
#include "write/explain.h"
#include "base/text.h"

#include <string.h>

enum { SHOWN_ROWS = 12, SHOWN_TEXT = 100 };

void explain_place(struct buf *out, struct mark at)
{
    if (!at.source)
        return;
    explain_text(out, at.source->path);
    buf_printf(out, ":%u", at.line);
}

static void write_reason(struct buf *out, const char *reason)
{
    if (!reason)
        return;
    buf_add(out, ": ");
    explain_text(out, reason);
}

static void write_value(const struct explanation *explanation, const char *text)
{
    size_t length = strcspn(text, "\n");
    bool cut = text[length] != '\0' || length > SHOWN_TEXT;
    if (explanation->options->all) {
        explain_text(explanation->out, text);
        return;
    }
    if (length > SHOWN_TEXT)
        for (length = SHOWN_TEXT; length > 0 && ((unsigned char)text[length] & 0xc0U) == 0x80;)
            length--; /* not through a character */
    text_add_printable(explanation->out, text, length);
    if (cut)
        buf_add(explanation->out, "...");
}

/* "column=value column=value  (path:line)" */
void explain_row(const struct explanation *explanation, const struct row *row)
{
    struct buf *out = explanation->out;
    struct column *columns;
    size_t count = row_columns(run_arena(explanation->run), row, &columns);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s%s=", i ? " " : "", columns[i].name);
        write_value(explanation, columns[i].value);
    }
    if (!row->path)
        return;
    buf_add(out, "  (");
    explain_text(out, row->path);
    if (row->line)
        buf_printf(out, ":%u", row->line);
    buf_char(out, ')');
}

/* How many of a list are shown. */
static size_t shown(const struct explanation *explanation, size_t count)
{
    return explanation->options->all || count <= SHOWN_ROWS ? count : SHOWN_ROWS;
}

static void write_excess(const struct explanation *explanation, const char *indent, size_t count)
{
    const size_t more = count - shown(explanation, count);
    if (more > 0)
        buf_printf(explanation->out, "%sand %zu more (--all)\n", indent, more);
}

/* Where it comes from, as the rule says it: reference: of a rule or fact. */
static void write_references(struct buf *out, const char *indent, const struct yaml_node *owner)
{
    const struct yaml_node *node = owner != NULL ? yaml_get(owner, "reference") : NULL;
    if (!node)
        return;
    for (size_t i = 0; i < (node->kind == YAML_NODE_SEQUENCE ? node->count : 1); i++) {
        buf_printf(out, "%sreference ", indent);
        explain_text(out, node->kind == YAML_NODE_SEQUENCE ? node->items[i]->value : node->value);
        buf_char(out, '\n');
    }
}

static void write_fact(const struct explanation *explanation, const struct fact *fact)
{
    struct buf *out = explanation->out;
    const struct table *table = run_fact(explanation->run, fact);
    buf_printf(out, "    %-18s ", fact->name);
    explain_verdict(explanation, table->verdict);
    if (table->verdict == VERDICT_YES)
        buf_printf(out, ", %zu row%s", table->count, table->count == 1 ? "" : "s");
    write_reason(out, table->reason);
    buf_add(out, "  [");
    explain_place(out, fact->at);
    buf_add(out, "]\n");
    write_references(out, "        ", yaml_get(yaml_get(fact->rule->merged, "facts"), fact->name));
    for (size_t i = 0; i < shown(explanation, table->observations.count); i++) {
        const struct observation *seen = table->observations.items[i];
        buf_add(out, "        looked at ");
        explain_text(out, seen->path ? seen->path : fact->source->name);
        write_reason(out, seen->text);
        buf_char(out, '\n');
    }
    write_excess(explanation, "        ", table->observations.count);
    for (size_t i = 0; i < shown(explanation, table->count); i++) {
        buf_add(out, "        found ");
        explain_row(explanation, table->rows[i]);
        buf_char(out, '\n');
    }
    write_excess(explanation, "        ", table->count);
}

static const char *const result_words[] = {
    [EMITTED] = "emitted", [EMIT_SKIPPED] = "skipped", [EMIT_REMOVED] = "removed"};

void explain_emission(const struct explanation *explanation, const struct emission *emission)
{
    struct buf *out = explanation->out;
    buf_printf(out, "    %-8s ", result_words[emission->result]);
    buf_add(out, emission->path ? emission->path : "entry");
    if (emission->value && *emission->value) {
        buf_add(out, " = ");
        write_value(explanation, emission->value);
    }
    write_reason(out, emission->reason);
    buf_add(out, "  [");
    explain_place(out, emission->assignment ? emission->assignment->path->at : emission->entry->at);
    buf_add(out, "]\n");
}

static void write_available(const struct explanation *explanation, const struct rule *rule)
{
    const char *reason = NULL;
    enum verdict verdict = condition_eval(explanation->run, NULL, rule->available, &reason);
    explain_verdict(explanation, verdict);
    write_reason(explanation->out, verdict == VERDICT_YES ? NULL : reason);
    buf_char(explanation->out, '\n');
}

static void write_overlay(struct buf *out, const struct rule *rule, const struct source *source)
{
    buf_add(out, "    changed by ");
    explain_text(out, source->path);
    buf_char(out, '\n');
    for (size_t i = 0; i < rule->hidden.count; i++) {
        const struct hidden_part *hidden = rule->hidden.items[i];
        if (hidden->at.source != source)
            continue;
        buf_printf(out, "        %s %s of ", hidden->by ? "replaces" : "drops", hidden->part);
        explain_place(out, hidden->was->at);
        buf_char(out, '\n');
    }
}

static void write_heading(const struct explanation *explanation, const struct rule *rule)
{
    struct buf *out = explanation->out;
    struct run *run = explanation->run;
    const char *others = rules_hidden_files(run_arena(run), run_rules(run), rule->at.source);
    buf_add(out, "from ");
    explain_place(out, rule->at);
    buf_add(out, others ? ", hides " : "");
    explain_text(out, others ? others : "");
    buf_char(out, '\n');
    write_references(out, "    ", rule->merged);
    for (size_t i = 0; i < rule->overlays.count; i++)
        write_overlay(out, rule, rule->overlays.items[i]);
}

/* Of what was emitted, skipped and removed, the first of each. */
static void write_emissions(const struct explanation *explanation, const struct rule *rule, enum emission_result result)
{
    const struct vec *emissions = &explanation->document->emissions;
    const size_t count = explain_count(explanation, rule, result);
    size_t left = shown(explanation, count);
    for (size_t i = 0; i < emissions->count && left > 0; i++) {
        const struct emission *emission = emissions->items[i];
        if (!emission->entry || emission->entry->rule != rule || emission->result != result)
            continue;
        explain_emission(explanation, emission);
        left--;
    }
    write_excess(explanation, "    ", count);
}

static void write_decisions(const struct explanation *explanation, const struct rule *rule)
{
    if (rule->emit_count == 0)
        return;
    buf_add(explanation->out, "decisions\n    available          ");
    write_available(explanation, rule);
    for (enum emission_result result = EMITTED; explanation->document && result <= EMIT_REMOVED; result++)
        write_emissions(explanation, rule, result);
}

static void write_rule(const struct explanation *explanation, const struct rule *rule)
{
    write_heading(explanation, rule);
    write_decisions(explanation, rule);
    buf_add(explanation->out, rule->facts.count > 0 ? "facts\n" : "");
    for (size_t i = 0; i < rule->facts.count; i++)
        write_fact(explanation, rule->facts.entries[i].value);
}

void write_explanation(struct buf *out, struct run *run, const struct document *document, const struct rule *rule,
                       const struct writer_options *options)
{
    const struct explanation explanation = {out, run, document, options};
    if (!rule) {
        explain_host(&explanation);
        return;
    }
    explain_answer(&explanation, rule);
    write_rule(&explanation, rule);
}
