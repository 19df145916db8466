/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was given on the command line. */
#include "base/text.h"
#include "cli/command.h"

const char *invocation_value(const struct invocation *invocation, const char *option)
{
    const char *value = NULL;
    for (size_t i = 0; i < invocation->given.count; i++) {
        const struct filter_value *given = invocation->given.items[i];
        if (text_equal(given->option, option))
            value = given->value;
    }
    return value;
}

bool invocation_has(const struct invocation *invocation, const char *option)
{
    for (size_t i = 0; i < invocation->given.count; i++)
        if (text_equal(((const struct filter_value *)invocation->given.items[i])->option, option))
            return true;
    return false;
}

const char *const *invocation_values(const struct invocation *invocation, const char *option)
{
    const char **values = arena_alloc(invocation->arena, (invocation->given.count + 1) * sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < invocation->given.count; i++) {
        const struct filter_value *given = invocation->given.items[i];
        if (text_equal(given->option, option))
            values[count++] = given->value;
    }
    return count ? values : NULL;
}

const char *compat_name(const struct invocation *invocation)
{
    const char *wanted = invocation_value(invocation, "compat");
    wanted = wanted ? wanted : HVPROBE_COMPAT;
    return *wanted ? wanted : NULL;
}
