/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is what --driver names one of a rule's: of those that are loaded or, before that is denied, of all? */
#include "base/text.h"
#include "cli/command.h"

static bool has_driver(const struct rule_set *set, const char *driver)
{
    for (size_t i = 0; i < set->rules.count; i++) {
        const struct rule *rule = set->rules.entries[i].value;
        if (text_equal(rule->driver, driver))
            return true;
    }
    return false;
}

static void name_drivers(struct arena *arena, const struct rule_set *set, struct vec *names)
{
    struct map seen = {0};
    for (size_t i = 0; i < set->rules.count; i++) {
        const struct rule *rule = set->rules.entries[i].value;
        if (rule->driver)
            map_put(arena, &seen, rule->driver, rule->driver);
    }
    for (size_t i = 0; i < seen.count; i++)
        vec_push(arena, names, seen.entries[i].key);
    texts_sort(names);
}

static void warn_unless_known(struct session *session, const char *driver)
{
    struct diagnostics ignored = {.arena = session->arena}; /* what is broken was or will be told elsewhere */
    const struct load_options options = {
        .layers = rule_layers(session->arena, session->invocation),
        .store = session->document_options.store,
    };
    struct rule_set *all = rules_load(&options, &hvprobe_vocabulary, &ignored);
    if (!has_driver(all, driver)) {
        AUTO(buf_free) struct buf list = BUF_INIT;
        struct vec names = {0};
        name_drivers(session->arena, all, &names);
        for (size_t i = 0; i < names.count; i++)
            buf_printf(&list, "%s%s", i > 0 ? ", " : "there are ", (const char *)names.items[i]);
        complain_unknown("driver", driver, (const char *const *)names.items, names.count, buf_text(&list));
    }
    rule_set_free(all);
}

void warn_of_drivers(struct session *session)
{
    const char *const *driver = session->document_options.drivers;
    for (; driver && *driver; driver++)
        if (!has_driver(session->rules, *driver))
            warn_unless_known(session, *driver);
}
