/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of explanations share: of a host and a rule's answer, of a rule's details, of a node. Only for write/.
 */
#ifndef HVPROBE_WRITE_EXPLAIN_H
#define HVPROBE_WRITE_EXPLAIN_H

#include "write/write.h"

struct explanation {
    struct buf *out;
    struct run *run;
    const struct document *document; /* NULL: none was built */
    const struct writer_options *options;
};

/* explain_answer.c: yes, no or unknown, and the one thing that would change it: of a rule, and of all that matter here.
 */
void explain_answer(const struct explanation *explanation, const struct rule *rule);
void explain_host(const struct explanation *explanation);
void explain_verdict(const struct explanation *explanation, enum verdict verdict);
/* How often entries of a rule came to that. */
size_t explain_count(const struct explanation *explanation, const struct rule *rule, enum emission_result result);

/* explain.c */
void explain_text(struct buf *out,
                  const char *text); /* paths, titles and reasons come from others and may hold anything */
void explain_place(struct buf *out, struct mark at);
void explain_row(const struct explanation *explanation, const struct row *row);
void explain_emission(const struct explanation *explanation, const struct emission *emission);

/* explain_evidence.c: the rows in files because of which an entry spoke. */
void explain_evidence(const struct explanation *explanation, const struct emission *emission);

#endif
