/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The filters of templates: pure functions from text to text, one row of a table each. */
#include "facts/filters.h"
#include "base/text.h"
#include "facts/internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static void set_single(struct filter_call *call, const char *value)
{
    if (call->count == 0)
        call->values = arena_alloc(call->arena, sizeof(*call->values));
    call->values[0] = value;
    call->count = value != NULL;
}

static const char *change_case(struct filter_call *call, const char *value, int (*convert)(int character))
{
    char *text = arena_strdup(call->arena, value);

    for (char *at = text; *at != '\0'; at++)
        *at = (char)((unsigned char)*at < 128 ? convert(*at) : *at);
    return text;
}

static const char *lower_one(struct filter_call *call, const char *value)
{
    return change_case(call, value, tolower);
}

static const char *upper_one(struct filter_call *call, const char *value)
{
    return change_case(call, value, toupper);
}

static const char *trim_one(struct filter_call *call, const char *value)
{
    return text_trim(call->arena, value, strlen(value));
}

/* As C, JSON and the text format of Prometheus write a text. */
static const char *quote_one(struct filter_call *call, const char *value)
{
    AUTO(buf_free) struct buf quoted = BUF_INIT;

    buf_char(&quoted, '"');
    for (; *value != '\0'; value++) {
        if (*value == '"' || *value == '\\')
            buf_char(&quoted, '\\');
        if (*value == '\n')
            buf_add(&quoted, "\\n");
        else
            buf_char(&quoted, *value);
    }
    buf_char(&quoted, '"');
    return arena_strdup(call->arena, buf_text(&quoted));
}

/* The length of a path without slashes at its end; a lone slash stays. */
static size_t path_length(const char *path, size_t length)
{
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

static size_t name_start(const char *path, size_t length)
{
    size_t start = length;

    while (start > 0 && path[start - 1] != '/')
        start--;
    return start;
}

static const char *basename_one(struct filter_call *call, const char *value)
{
    const size_t length = path_length(value, strlen(value));
    const size_t start = name_start(value, length);

    return start == length ? arena_strndup(call->arena, value, length)
                           : arena_strndup(call->arena, value + start, length - start);
}

static const char *dirname_one(struct filter_call *call, const char *value)
{
    const size_t length = path_length(value, strlen(value));
    const size_t start = name_start(value, length);

    return start == 0 ? "." : arena_strndup(call->arena, value, path_length(value, start));
}

static const char *hex_one(struct filter_call *call, const char *value)
{
    uint64_t number;

    return filter_number(value, &number) ? arena_printf(call->arena, "0x%" PRIx64, number) : NULL;
}

static const char *dec_one(struct filter_call *call, const char *value)
{
    uint64_t number;

    return text_hex(value, &number) ? arena_printf(call->arena, "%" PRIu64, number) : NULL;
}

static const char *bytes_one(struct filter_call *call, const char *value)
{
    uint64_t bytes;

    return text_bytes(value, &bytes) ? arena_printf(call->arena, "%" PRIu64, bytes) : NULL;
}

static const char *scale_one(struct filter_call *call, const char *value)
{
    uint64_t number, scaled;

    if (!filter_number(value, &number))
        return NULL;
    text_scale(number, &scaled);
    return arena_printf(call->arena, "%" PRIu64, scaled);
}

static const char *unit_one(struct filter_call *call, const char *value)
{
    uint64_t number, scaled;

    (void)call;
    return filter_number(value, &number) ? text_scale(number, &scaled) : NULL;
}

/* Kernel masks are hexadecimal digits of any number, a comma after each eight. */
static const char *popcount_one(struct filter_call *call, const char *value)
{
    const char *text = text_trim(call->arena, value, strlen(value));
    unsigned long bits = 0;

    text += text_starts(text, "0x") || text_starts(text, "0X") ? 2 : 0;
    if (!isxdigit((unsigned char)*text))
        return NULL;
    for (; *text != '\0'; text++) {
        if (isxdigit((unsigned char)*text)) {
            const int digit = isdigit((unsigned char)*text) ? *text - '0' : tolower(*text) - 'a' + 10;
            bits += (unsigned long)__builtin_popcount((unsigned)digit);
        } else if (*text != ',') {
            return NULL;
        }
    }
    return arena_printf(call->arena, "%lu", bits);
}

static const char *map_one(struct filter_call *call, const char *value)
{
    return map_get(&call->use->table->entries, value);
}

static bool add_numbers(int64_t a, int64_t b, int64_t *ret_sum)
{
    return !__builtin_add_overflow(a, b, ret_sum);
}

static bool subtract_numbers(int64_t a, int64_t b, int64_t *ret_difference)
{
    return !__builtin_sub_overflow(a, b, ret_difference);
}

static bool multiply_numbers(int64_t a, int64_t b, int64_t *ret_product)
{
    return !__builtin_mul_overflow(a, b, ret_product);
}

static bool divide_numbers(int64_t a, int64_t b, int64_t *ret_quotient)
{
    if (b == 0 || (a == INT64_MIN && b == -1))
        return false;
    *ret_quotient = a / b;
    return true;
}

static const char *calculate(struct filter_call *call, const char *value,
                             bool (*operation)(int64_t a, int64_t b, int64_t *ret_result))
{
    int64_t number;
    int64_t result;

    if (!text_number(value, &number) || !operation(number, call->number, &result))
        return NULL;
    return arena_printf(call->arena, "%" PRId64, result);
}

static const char *add_one(struct filter_call *call, const char *value)
{
    return calculate(call, value, add_numbers);
}

static const char *sub_one(struct filter_call *call, const char *value)
{
    return calculate(call, value, subtract_numbers);
}

static const char *mul_one(struct filter_call *call, const char *value)
{
    return calculate(call, value, multiply_numbers);
}

static const char *div_one(struct filter_call *call, const char *value)
{
    return calculate(call, value, divide_numbers);
}

static const char *members_one(struct filter_call *call, const char *value)
{
    unsigned *values;
    size_t count;

    return cpuset_parse(call->arena, value, &values, &count) ? arena_printf(call->arena, "%zu", count) : NULL;
}

static void add_literal(struct buf *made, char character)
{
    if (!isalnum((unsigned char)character) && (unsigned char)character < 128)
        buf_char(made, '\\');
    buf_char(made, character);
}

/* A bracket expression in PCRE's words. Returns its length; 0: nobody closes it. */
static size_t add_bracket(struct buf *made, const char *value)
{
    size_t at = value[1] == '!' || value[1] == '^' ? 2 : 1;
    const char *end = value[at] != '\0' ? strchr(value + at + 1, ']') : NULL;

    if (end == NULL)
        return 0;
    buf_add(made, at == 2 ? "[^" : "[");
    for (const char *character = value + at; character < end; character++) {
        if (*character == '-' && character > value + at && character + 1 < end)
            buf_char(made, '-');
        else
            add_literal(made, *character);
    }
    buf_char(made, ']');
    return (size_t)(end - value) + 1;
}

/* The first item of a wildcard pattern as a piece of a regular expression. Returns its length. */
static size_t add_glob_item(struct buf *made, const char *value)
{
    size_t length = 1;

    if (*value == '*')
        buf_add(made, "(?s:.*)");
    else if (*value == '?')
        buf_add(made, "(?s:.)");
    else if (*value == '\\' && value[1] != '\0')
        add_literal(made, value[length++]);
    else if (*value != '[' || (length = add_bracket(made, value)) == 0)
        add_literal(made, *value);
    return length > 0 ? length : 1;
}

/* The pattern language of fnmatch in that of regular expressions; a bracket that nobody closes is a bracket. */
static const char *glob_one(struct filter_call *call, const char *value)
{
    AUTO(buf_free) struct buf made = BUF_INIT;

    buf_add(&made, "\\A");
    while (*value != '\0')
        value += add_glob_item(&made, value);
    buf_add(&made, "\\z");
    return arena_strdup(call->arena, buf_text(&made));
}

/* Of registers and masks, which have up to 64. */
static const char *bit_one(struct filter_call *call, const char *value)
{
    uint64_t number;

    if (call->number < 0 || call->number > 63 || !filter_number(value, &number))
        return NULL;
    return number >> call->number & 1 ? "1" : "0";
}

/* Fields stand between white space, the first is 0. */
static const char *field_one(struct filter_call *call, const char *value)
{
    int64_t left = call->number;
    size_t length;

    for (value += strspn(value, " \t\n");; value += length + strspn(value + length, " \t\n")) {
        length = strcspn(value, " \t\n");
        if (length == 0 || left < 0)
            return NULL;
        if (left-- == 0)
            return arena_strndup(call->arena, value, length);
    }
}

static void filter_default(struct filter_call *call)
{
    if (call->count == 0)
        set_single(call, call->use->argument);
}

static void filter_count(struct filter_call *call)
{
    set_single(call, arena_printf(call->arena, "%zu", call->count));
}

static void filter_sum(struct filter_call *call)
{
    int64_t sum = 0;
    int64_t number;

    for (size_t i = 0; i < call->count; i++) {
        if (!text_number(call->values[i], &number) || !add_numbers(sum, number, &sum)) {
            call->count = 0;
            return;
        }
    }
    set_single(call, arena_printf(call->arena, "%" PRId64, sum));
}

static void filter_join(struct filter_call *call)
{
    AUTO(buf_free) struct buf joined = BUF_INIT;

    if (call->count == 0)
        return;
    for (size_t i = 0; i < call->count; i++) {
        if (i > 0 && call->use->argument != NULL)
            buf_add(&joined, call->use->argument);
        buf_add(&joined, call->values[i]);
    }
    set_single(call, arena_strndup(call->arena, buf_text(&joined), joined.length));
}

/* The union of all values, each a list such as 0-3,8 itself. */
static void filter_cpuset(struct filter_call *call)
{
    AUTO(buf_free) struct buf joined = BUF_INIT;
    unsigned *values;
    size_t count;

    for (size_t i = 0; i < call->count; i++) {
        if (!cpuset_parse(call->arena, call->values[i], &values, &count)) {
            call->count = 0;
            return;
        }
        buf_add_n(&joined, (const char *)values, count * sizeof(*values));
    }
    if (call->count > 0) {
        values = arena_memdup(call->arena, buf_text(&joined), joined.length);
        set_single(call, cpuset_format(call->arena, values, joined.length / sizeof(*values)));
    }
}

/* A filter that works on each value by itself. */
#define EACH(name)                                                                                                     \
    static void filter_##name(struct filter_call *call)                                                                \
    {                                                                                                                  \
        filter_each(call, name##_one);                                                                                 \
    }
EACH(lower)
EACH(upper)
EACH(trim)
EACH(quote)
EACH(basename)
EACH(dirname)
EACH(hex)
EACH(dec)
EACH(map)
EACH(add)
EACH(sub)
EACH(mul)
EACH(div)
EACH(bytes)
EACH(scale)
EACH(unit)
EACH(popcount)
EACH(members)
EACH(glob)
EACH(bit)
EACH(field)
#undef EACH

const struct filter_kind filter_kinds[] = {
    {"lower", FILTER_NO_ARGUMENT, "ASCII letters in lower case", filter_lower},
    {"upper", FILTER_NO_ARGUMENT, "ASCII letters in upper case", filter_upper},
    {"trim", FILTER_NO_ARGUMENT, "without white space at both ends", filter_trim, FILTER_KEEPS},
    {"quote", FILTER_NO_ARGUMENT, "in double quotes, with a backslash before \" and \\, and \\n for a line break",
     filter_quote},
    {"basename", FILTER_NO_ARGUMENT, "the last part of a path", filter_basename, FILTER_BASE},
    {"dirname", FILTER_NO_ARGUMENT, "a path without its last part", filter_dirname, FILTER_DIRECTORY},
    {"hex", FILTER_NO_ARGUMENT, "a number as 0x and hexadecimal digits", filter_hex},
    {"dec", FILTER_NO_ARGUMENT, "a hexadecimal number, with or without 0x, as a decimal one", filter_dec},
    {"map", FILTER_TABLE, "what a table has for the text; unset when it has nothing", filter_map},
    {"default", FILTER_TEXT, "the argument where the name is unset or unknown", filter_default, FILTER_KEEPS},
    {"count", FILTER_NO_ARGUMENT, "how many values there are; 0 when there are none", filter_count},
    {"sum", FILTER_NO_ARGUMENT, "the sum of all values; 0 when there are none", filter_sum},
    {"join", FILTER_TEXT, "all values, the argument between them", filter_join},
    {"cpuset", FILTER_NO_ARGUMENT, "all values, numbers or lists of them, as one list such as 0-3,8", filter_cpuset},
    {"add", FILTER_NUMBER, "the sum with the argument, which is a number or a name", filter_add},
    {"sub", FILTER_NUMBER, "the argument taken away", filter_sub},
    {"mul", FILTER_NUMBER, "the product with the argument", filter_mul},
    {"div", FILTER_NUMBER, "divided by the argument, towards zero", filter_div},
    {"field", FILTER_NUMBER, "what stands there between white space; the first is 0", filter_field},
    {"bytes", FILTER_NO_ARGUMENT, "a size such as 32K or 15360 kB in bytes", filter_bytes},
    {"scale", FILTER_NO_ARGUMENT, "bytes in the largest binary unit that divides them", filter_scale},
    {"unit", FILTER_NO_ARGUMENT, "the name of that unit: MiB", filter_unit},
    {"bit", FILTER_NUMBER,
     "1 where that bit of a number, decimal or after 0x, is set, else 0; the lowest is 0, the last 63", filter_bit},
    {"flags", FILTER_NAME,
     "words of the argument, a name, whose bits are set in a number: the first stands for bit 0, - for one without a "
     "word",
     filter_flags},
    {"popcount", FILTER_NO_ARGUMENT, "how many bits are set in a hexadecimal mask", filter_popcount},
    {"without", FILTER_NAME, "the words that are not among those of the argument, a name", filter_without},
    {"words", FILTER_NO_ARGUMENT, "how many words there are between white space", filter_words},
    {"members", FILTER_NO_ARGUMENT, "how many numbers a list such as 0-3,8 has", filter_members},
    {"glob", FILTER_NO_ARGUMENT, "a pattern with *, ? and [...] as a regular expression: {name: '~ ${pattern|glob}'}",
     filter_glob},
    {NULL, FILTER_NO_ARGUMENT, NULL, NULL},
};

bool filter_is_count(const struct filter_kind *kind)
{
    return kind->apply == filter_count;
}

bool filter_is_default(const struct filter_kind *kind)
{
    return kind->apply == filter_default;
}
