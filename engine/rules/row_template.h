/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Templates of files that are no rules, over rows whose columns they know: with filters and built-in names, no facts.
 */
#ifndef HVPROBE_RULES_ROW_TEMPLATE_H
#define HVPROBE_RULES_ROW_TEMPLATE_H

#include "base/yaml.h"
#include "rules/rule.h"

struct row_templates {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct vocabulary *vocabulary;
    struct rule_set set; /* of one rule: whose tables the filter map looks in */
    struct rule rule;
};

/* For a file that may have tables: as a rule has. It must outlive the templates. */
void row_templates_init(struct row_templates *templates, struct arena *arena, const struct vocabulary *vocabulary,
                        const struct yaml_node *file, struct diagnostics *diagnostics);
/* Never NULL; adds diagnostics about names, filters and syntax. columns: of char. */
struct template *row_template(struct row_templates *templates, const struct yaml_node *text, const struct vec *columns);

#endif
