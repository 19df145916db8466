/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of library calls: set one by one by number, so that more of them break no caller. */
#include "api/api.h"
#include "base/budget.h"
#include "base/text.h"
#include "session/places.h"

#include <locale.h>
#include <string.h>

static const char *check_flag(const char *value)
{
    return text_equal(value, "yes") || text_equal(value, "no") ? NULL : "the value is yes or no";
}

static const char *check_parameter(const char *value)
{
    const char *equals = strchr(value, '=');
    return equals && text_is_name(value, (size_t)(equals - value)) ? NULL : "the value is NAME=VALUE";
}

static const char *check_seconds(const char *value)
{
    int64_t unused;
    return text_milliseconds(value, &unused) ? NULL : "the value is in seconds, 0 for no end";
}

static const struct {
    bool list;
    const char *(*check)(const char *value); /* NULL: anything; gives NULL when it is right, else what would be */
} kinds[OPTION_COUNT] = {
    [HVP_OPTION_RULES] = {true, NULL},
    [HVP_OPTION_DOCUMENT] = {true, NULL},
    [HVP_OPTION_STRICT] = {false, check_flag},
    [HVP_OPTION_LINT] = {false, check_flag},
    [HVP_OPTION_DRIVER] = {true, NULL},
    [HVP_OPTION_PARAMETER] = {true, check_parameter},
    [HVP_OPTION_EXEC] = {false, check_flag},
    [HVP_OPTION_TRACE] = {false, check_flag},
    [HVP_OPTION_TIMEOUT] = {false, check_seconds},
};

hvp_options *hvp_options_new(void)
{
    struct arena *arena = arena_new();
    hvp_options *options = arena_new_object(arena, hvp_options);
    options->arena = arena;
    return options;
}

void hvp_options_free(hvp_options *options)
{
    if (options)
        arena_free(options->arena);
}

hvp_status hvp_options_set(hvp_options *options, hvp_option option, const char *value, hvp_error *error)
{
    error_clear(error);
    if ((size_t)option >= OPTION_COUNT)
        return error_set(error, HVP_USAGE, "there is no option %d", (int)option);
    const char *wrong = value && kinds[option].check ? kinds[option].check(value) : NULL;
    if (wrong)
        return error_set(error, HVP_USAGE, "%s, not '%s'", wrong, value);
    if (!value || !kinds[option].list)
        options->values[option].count = 0;
    if (value)
        vec_push(options->arena, &options->values[option], arena_strdup(options->arena, value));
    return HVP_OK;
}

static const char *option_text(const hvp_options *options, struct arena *arena, hvp_option option)
{
    return options && options->values[option].count ? arena_strdup(arena, options->values[option].items[0]) : NULL;
}

static bool option_flag(const hvp_options *options, hvp_option option)
{
    return options && options->values[option].count && text_equal(options->values[option].items[0], "yes");
}

/* All values, NULL-terminated; NULL: none. */
static const char *const *option_list(const hvp_options *options, struct arena *arena, hvp_option option)
{
    struct vec list = {0};
    if (!options || !options->values[option].count)
        return NULL;
    for (size_t i = 0; i < options->values[option].count; i++)
        vec_push(arena, &list, arena_strdup(arena, options->values[option].items[i]));
    vec_push(arena, &list, NULL);
    return (const char *const *)list.items;
}

const char *option_language(const char *language)
{
    const char *locale = setlocale(LC_MESSAGES, NULL);
    if (language)
        return language;
    if (locale && !text_equal(locale, "C") && !text_equal(locale, "POSIX"))
        return locale;
    return places_locale();
}

static int64_t option_milliseconds(const hvp_options *options, struct arena *arena)
{
    const char *given = option_text(options, arena, HVP_OPTION_TIMEOUT);
    int64_t milliseconds = BUDGET_SECONDS * 1000;
    if (given)
        text_milliseconds(given, &milliseconds);
    return milliseconds;
}

struct session_options options_read(const hvp_options *options, struct arena *arena)
{
    return (struct session_options){
        .layers = option_text(options, arena, HVP_OPTION_LAYERS),
        .rules = option_list(options, arena, HVP_OPTION_RULES),
        .schemas = option_text(options, arena, HVP_OPTION_SCHEMAS),
        .cache = options && options->values[HVP_OPTION_CACHE].count ? option_text(options, arena, HVP_OPTION_CACHE)
                                                                    : places_cache(arena),
        .documents = option_list(options, arena, HVP_OPTION_DOCUMENT),
        .strict = option_flag(options, HVP_OPTION_STRICT),
        .lint = option_flag(options, HVP_OPTION_LINT),
        .root = option_text(options, arena, HVP_OPTION_ROOT),
        .snapshot = option_text(options, arena, HVP_OPTION_SNAPSHOT),
        .arch = option_text(options, arena, HVP_OPTION_ARCH),
        .drivers = option_list(options, arena, HVP_OPTION_DRIVER),
        .parameters = option_list(options, arena, HVP_OPTION_PARAMETER),
        .lang = arena_strdup(arena, option_language(option_text(options, arena, HVP_OPTION_LANG))),
        .exec = option_flag(options, HVP_OPTION_EXEC),
        .trace = option_flag(options, HVP_OPTION_TRACE),
        .milliseconds = option_milliseconds(options, arena),
    };
}
