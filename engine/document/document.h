/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Documents: XML trees that the emit entries of rules build from facts, in schema order.
 */
#ifndef HVPROBE_DOCUMENT_DOCUMENT_H
#define HVPROBE_DOCUMENT_DOCUMENT_H

#include "base/xml.h"
#include "facts/run.h"
#include "schema/schema.h"
#include "schema/set.h"

/* What an emit entry did, for explain. */
enum emission_result { EMITTED, EMIT_SKIPPED, EMIT_REMOVED };
struct emission {
    const struct emit_entry *entry;
    const struct assignment *assignment; /* NULL: the entry as a whole */
    const struct row *row;               /* NULL: no loop */
    enum emission_result result;
    const char *path;    /* as expanded, NULL when it could not be */
    const char *value;   /* what was set, in short; NULL */
    const char *reason;  /* skipped, removed: why */
    const xmlNode *node; /* NULL when skipped or removed */
};

/* Which entry made a node, or last set an attribute. */
struct origin {
    const struct emit_entry *entry;
    const struct row *row; /* NULL: no loop */
};
/* Of an element or attribute of a document with a trace. NULL: no entry made it, but the engine. */
static inline const struct origin *node_origin(const xmlNode *node)
{
    if (node->type == XML_ATTRIBUTE_NODE)
        return ((const xmlAttr *)node)->psvi;
    return node->type == XML_ELEMENT_NODE ? node->psvi : NULL;
}

struct document {
    const char *name;
    const struct schema *schema;
    xmlDoc *xml;
    struct vec emissions; /* of struct emission; only with run_options.trace */
    struct vec gaps;      /* of struct gap: of gaps.c */
    struct map given;     /* nodes that rules have asked for, by their paths */
    const char *unseen;   /* it is empty, as nothing could be looked at: what, and why; NULL: it is what it is */
};

struct document_options {
    const char *const *schema_directories; /* strongest first, NULL-terminated */
    struct store *store;                   /* keeps parsed schemas between runs; NULL: none */
    struct schema_set *schemas;            /* schemas that runs share, which it outlives; NULL: each run has its own */
    const char *const *drivers; /* only rules of these drivers and those without one; NULL: all. NULL-terminated */
    /* Whose checks are made, NULL-terminated; NULL: those of all rules that have a trace here. */
    const char *const *rules;
};

/*
 * Builds a document: every rule of that document in rule_set.order whose available condition holds. In elements
 * that the schema marks as whole, those that lack what it requires are removed again, inner ones first ("what was not
 * measured is not written"). NULL after a message in *ret_error (no such schema). Owned by the run: freed with it. The
 * same name and options give the same object.
 */
const struct document *document_build(struct run *run, const char *name, const struct document_options *options,
                                      const char **ret_error);

/* Why what an expression asks for may be missing; NULL: it is not there. derived: it is made of what the document gave
 * before. */
const char *document_gap(struct arena *arena, const struct document *document, const char *expression, bool derived);

/* What came of a check here. */
enum check_outcome { CHECK_PASSED, CHECK_NOTED, CHECK_WARNED, CHECK_FAILED, CHECK_UNKNOWN };
extern const char *const check_outcome_words[]; /* by outcome, as documents have them: "pass" */
struct check_result {
    const struct check *check;
    enum check_outcome outcome;
    const char *title, *reason, *hint; /* reason and hint: NULL where there is nothing to say */
};
/* All checks of a rule that have something to say here, in the rule's order, as struct check_result in the run's arena.
 */
struct vec checks_of_rule(struct run *run, const struct rule *rule);
/* A rule that nobody named speaks up where there is a trace of what it is about, or where a site changed it. */
bool checks_concern(struct run *run, const struct rule *rule);

/* Lint: emit paths that the schema does not have (HV023). */
void document_lint(const struct rule_set *set, const struct document_options *options, struct diagnostics *diagnostics);

#endif
