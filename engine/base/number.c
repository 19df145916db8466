/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers and sizes as people and kernels write them. */
#include "base/text.h"

#include <string.h>
#include <strings.h>

static const char blanks[] = " \t\n\v\f\r";

static int digit_value(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return -1;
}

/* The digits at *text, which moves behind them; false when there are none or they overflow. */
static bool read_digits(const char **text, unsigned base, uint64_t *ret_number)
{
    const char *start = *text;
    uint64_t number = 0;

    for (;; ++*text) {
        int digit = digit_value(**text);

        if (digit < 0 || (unsigned)digit >= base)
            break;
        if (__builtin_mul_overflow(number, (uint64_t)base, &number) ||
            __builtin_add_overflow(number, (uint64_t)digit, &number))
            return false;
    }
    *ret_number = number;
    return *text > start;
}

static bool at_end(const char *text)
{
    return text[strspn(text, blanks)] == '\0';
}

static bool skip_hex_prefix(const char **text)
{
    bool found = (*text)[0] == '0' && ((*text)[1] == 'x' || (*text)[1] == 'X');

    if (found)
        *text += 2;
    return found;
}

bool text_number(const char *text, int64_t *ret_number)
{
    uint64_t number, limit;
    bool negative;

    text += strspn(text, blanks);
    negative = *text == '-';
    if (negative)
        text++;
    limit = (uint64_t)INT64_MAX + negative;
    if (!read_digits(&text, skip_hex_prefix(&text) ? 16 : 10, &number) || !at_end(text) || number > limit)
        return false;
    *ret_number = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

/* Digits, or hexadecimal ones after 0x; false when there are none, or they are more than an int64_t holds. */
static bool read_end(const char **text, uint64_t *ret_number)
{
    *text += strspn(*text, blanks);
    const unsigned base = skip_hex_prefix(text) ? 16 : 10;
    const bool read = read_digits(text, base, ret_number) && *ret_number <= (uint64_t)INT64_MAX;

    *text += strspn(*text, blanks);
    return read;
}

bool text_range(const char *text, uint64_t *ret_first, uint64_t *ret_last)
{
    uint64_t first, last;

    if (!read_end(&text, &first))
        return false;
    last = first;
    if (*text == '-') {
        text++;
        if (!read_end(&text, &last))
            return false;
    }
    *ret_first = first;
    *ret_last = last;
    return *text == '\0';
}

bool text_hex(const char *text, uint64_t *ret_number)
{
    uint64_t number;

    text += strspn(text, blanks);
    skip_hex_prefix(&text);
    if (!read_digits(&text, 16, &number) || !at_end(text))
        return false;
    *ret_number = number;
    return true;
}

static const char *const unit_names[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

/* "", "B", "k", "kB", "KiB", "M" ...: the power of 1024, or -1. */
static int unit_power(const char *text, size_t length)
{
    static const char prefixes[] = "KMGTPE";
    const char *prefix;

    if (!length || (length == 1 && *text == 'B') || (length == 5 && strncasecmp(text, "bytes", 5) == 0))
        return 0;
    prefix = memchr(prefixes, *text & ~0x20, sizeof(prefixes) - 1);
    if (!prefix)
        return -1;
    if (length > 1 && !(length == 2 && strncasecmp(text + 1, "B", 1) == 0) &&
        !(length == 3 && strncasecmp(text + 1, "iB", 2) == 0))
        return -1;
    return (int)(prefix - prefixes) + 1;
}

bool text_milliseconds(const char *text, int64_t *ret_milliseconds)
{
    enum { MOST = 7 * 24 * 60 * 60 };
    const size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole + (text[whole] == '.');
    const size_t part = strspn(rest, "0123456789");
    int64_t milliseconds = 0;

    if ((!whole && !part) || rest[part] || whole > 6)
        return false;
    for (size_t i = 0; i < whole; i++)
        milliseconds = milliseconds * 10 + (text[i] - '0');
    for (size_t i = 0; i < 3; i++)
        milliseconds = milliseconds * 10 + (i < part ? rest[i] - '0' : 0);
    milliseconds += part > 3 && rest[3 + strspn(rest + 3, "0")];
    *ret_milliseconds = milliseconds;
    return milliseconds <= (int64_t)MOST * 1000;
}

bool text_bytes(const char *text, uint64_t *ret_bytes)
{
    uint64_t number;
    size_t length;
    int power;

    text += strspn(text, blanks);
    if (!read_digits(&text, 10, &number))
        return false;
    text += strspn(text, blanks);
    length = strcspn(text, blanks);
    power = unit_power(text, length);
    if (power < 0 || !at_end(text + length) || (number && number > UINT64_MAX >> (10 * power)))
        return false;
    *ret_bytes = number << (10 * power);
    return true;
}

const char *text_scale(uint64_t bytes, uint64_t *ret_value)
{
    size_t unit = 0;

    while (bytes && bytes % 1024 == 0 && unit + 1 < ARRAY_SIZE(unit_names)) {
        bytes /= 1024;
        unit++;
    }
    *ret_value = bytes;
    return unit_names[unit];
}
