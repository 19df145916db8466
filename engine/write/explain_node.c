/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a part of a document comes from: the rule, entry and row that made it, and the candidate of a path table. */
#include "base/text.h"
#include "write/explain.h"

/* ---- the path that was chosen ---- */

enum { STEM_LIMIT = 64 }; /* rows that a value is followed back to */

struct choices {
    const struct explanation *explanation;
    struct vec seen; /* of struct row */
};

static bool is_seen(const struct choices *choices, const struct row *row)
{
    for (size_t i = 0; i < choices->seen.count; i++)
        if (choices->seen.items[i] == row)
            return true;
    return false;
}

static void write_candidate(const struct choices *choices, const struct row *row)
{
    struct buf *out = choices->explanation->out;
    const struct choice_table *table = fact_path_table(row->fact);
    struct candidate taken;
    if (!table || !choice_of_row(choices->explanation->run, row, &taken))
        return;
    const struct mark at = taken.template->at;
    buf_add(out, "    chosen   candidate ");
    explain_text(out, taken.text);
    buf_printf(out, " of row '%s' in %s.paths.%s  [", taken.row->key, table->rule->id, table->name);
    explain_place(out, at);
    buf_add(out, "]\n             ");
    if (!text_equal(taken.template->text, taken.text)) {
        buf_add(out, "written ");
        explain_text(out, taken.template->text);
        buf_add(out, ", ");
    }
    buf_add(out, "layer ");
    explain_text(out, at.source && at.source->layer ? at.source->layer : "-");
    buf_char(out, '\n');
}

/* A row and those that it stems from: which of them were paths to choose? */
static void write_choices(struct choices *choices, const struct row *row)
{
    if (!row || !row->fact || choices->seen.count >= STEM_LIMIT || is_seen(choices, row))
        return;
    vec_push(run_arena(choices->explanation->run), &choices->seen, row);
    write_candidate(choices, row);
    write_choices(choices, row->parents[0]);
    write_choices(choices, row->parents[1]);
}

/* The facts that a value names, beside the row that it was made for. */
static void write_choices_of(struct choices *choices, const struct emission *emission, const struct template *value)
{
    const struct scope scope = {.row = emission->row};
    for (size_t i = 0; value && i < value->count; i++) {
        struct row *const *rows = NULL;
        if (value->parts[i].kind == PART_FACT &&
            scope_rows(choices->explanation->run, &scope, value->parts[i].fact, &rows) > 0)
            write_choices(choices, rows[0]);
    }
}

static void write_chosen(const struct explanation *explanation, const struct emission *emission)
{
    struct choices choices = {.explanation = explanation};
    write_choices(&choices, emission->row);
    for (size_t i = 0; emission->assignment && i < emission->assignment->count; i++)
        write_choices_of(&choices, emission, emission->assignment->values[i].text);
}

/* ---- the node ---- */

static void write_turn(const struct explanation *explanation, const struct emit_entry *entry, const struct row *row)
{
    buf_printf(explanation->out, "    rule %s", entry->rule->id);
    if (row) { /* of a fact, or the attributes of a node that each: names */
        buf_printf(explanation->out, ", for %s: ",
                   row->fact     ? row->fact->name
                   : entry->each ? entry->each->text
                                 : "a node");
        explain_row(explanation, row);
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
    explain_place(explanation->out, origin->entry->at);
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
        explain_emission(explanation, emission);
        explain_evidence(explanation, emission);
        write_chosen(explanation, emission);
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
