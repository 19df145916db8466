/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks: what is expected, and what to do otherwise. */
#include "rules/link.h"

#include <string.h>

static const char *const levels[] = {[CHECK_FAIL] = "fail", [CHECK_WARN] = "warn", [CHECK_NOTE] = "note"};

static enum check_level link_level(struct linker *linker, const struct yaml_node *node)
{
    if (!node)
        return CHECK_FAIL;
    for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
        if (node->value && strcmp(levels[i], node->value) == 0)
            return (enum check_level)i;
    diagnose(linker->diagnostics, DIAG_BAD_VALUE, node->at, NULL, "'otherwise' is fail, warn or note");
    return CHECK_FAIL;
}

static struct check *link_check(struct linker *linker, const struct yaml_node *node)
{
    struct check *check = arena_new_object(linker->arena, struct check);
    const struct yaml_node *name = yaml_get(node, "name");
    const struct yaml_node *loop = yaml_get(node, "for");
    const struct yaml_node *title = yaml_get(node, "title");
    const struct name_scope *scope = NULL;
    struct name_scope row;

    check->at = node->at;
    check->name = name ? name->value : NULL;
    if (loop) {
        check->loop = link_fact_name(linker, span_of(loop));
        row = link_fact_scope(linker, check->loop, NULL);
        scope = &row;
    }
    check->expect = link_condition(linker, yaml_get(node, "expect"), scope);
    check->when = link_condition(linker, yaml_get(node, "when"), scope);
    check->otherwise = link_level(linker, yaml_get(node, "otherwise"));
    check->title = title ? link_template(linker, span_of(title), scope) : NULL;
    check->hint = link_hint(linker, yaml_get(node, "hint"), scope);
    return check;
}

void link_checks(struct linker *linker, const struct yaml_node *list, struct rule *rule)
{
    if (!list)
        return;
    rule->check_count = list_count(list);
    rule->checks = arena_alloc(linker->arena, rule->check_count * sizeof(struct check *));
    for (size_t i = 0; i < rule->check_count; i++)
        rule->checks[i] = link_check(linker, list_item(list, i));
}
