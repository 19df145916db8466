/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linked rule sets, kept between runs as images: while nothing that a set was made of changes, no rule file is opened,
 * parsed or linked. Of two kinds: for one root, in a user's cache, and for any root, compiled once by who installs the
 * rules. Only for rules/.
 */
#ifndef HVPROBE_RULES_IMAGE_H
#define HVPROBE_RULES_IMAGE_H

#include "base/image.h"
#include "rules/layers.h"

/* What is kept: a set, and what was asked of the root for it. */
struct rule_image {
    struct rule_set set;
    struct vec questions; /* of struct path_question, with answers */
};
extern const struct image_type rule_image_type; /* image_types.c */

/* The set for these options as it was kept, without trees; NULL: there is none, or it is not as it would be now. */
struct rule_set *image_recall(const struct load_options *options, const struct vocabulary *vocabulary);
/* Keeps a set about which there was nothing to say, as what is kept says nothing. */
void image_keep(struct loader *loader);

#endif
