/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small questions about text that the C library does not answer, or answers by the locale. */
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NEAREST_LENGTH = 63 };

bool text_equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
    size_t length = strlen(text), tail = strlen(suffix);

    return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}

bool text_ends_anyhow(const char *text, const char *suffix)
{
    size_t length = strlen(text), suffix_length = strlen(suffix);

    return length >= suffix_length && strcasecmp(text + length - suffix_length, suffix) == 0;
}

bool text_is_space(char character)
{
    return character == ' ' || (character >= '\t' && character <= '\r');
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static bool is_letter(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

char *text_trim(struct arena *arena, const char *text, size_t length)
{
    while (length && text_is_space(text[length - 1]))
        length--;
    while (length && text_is_space(*text)) {
        text++;
        length--;
    }
    return arena_strndup(arena, text, length);
}

const char *text_language(struct arena *arena, const char *locale)
{
    size_t length = 0;

    while (is_letter(locale[length]))
        length++;
    if (length < 2 || (locale[length] && !strchr("_.-@", locale[length])))
        return NULL;
    char *language = arena_strndup(arena, locale, length);
    for (char *at = language; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return strcmp(language, "posix") == 0 ? NULL : language;
}

char *text_lower(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);

    for (char *at = copy; *at; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    return copy;
}

bool text_is_name(const char *text, size_t length)
{
    if (!length || !(is_letter(*text) || *text == '_'))
        return false;
    for (size_t i = 1; i < length; i++)
        if (!is_letter(text[i]) && !is_digit(text[i]) && text[i] != '_' && text[i] != '-')
            return false;
    return true;
}

/* A stretch of digits, compared as a number of any length. */
static int compare_digits(const char **a, const char *a_end, const char **b, const char *b_end)
{
    const char *a_start, *b_start;
    size_t a_length, b_length;
    int order;

    while (*a < a_end && **a == '0')
        ++*a;
    while (*b < b_end && **b == '0')
        ++*b;
    a_start = *a;
    b_start = *b;
    while (*a < a_end && is_digit(**a))
        ++*a;
    while (*b < b_end && is_digit(**b))
        ++*b;
    a_length = (size_t)(*a - a_start);
    b_length = (size_t)(*b - b_start);
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    order = memcmp(a_start, b_start, a_length);
    return (order > 0) - (order < 0);
}

static int compare_spans(const char *a, const char *a_end, const char *b, const char *b_end)
{
    while (a < a_end && b < b_end) {
        int order;

        if (is_digit(*a) && is_digit(*b)) {
            order = compare_digits(&a, a_end, &b, b_end);
        } else {
            order = (unsigned char)*a - (unsigned char)*b;
            a++;
            b++;
        }
        if (order)
            return order < 0 ? -1 : 1;
    }
    return (a < a_end) - (b < b_end);
}

int text_compare_natural(const char *a, const char *b)
{
    size_t same = 0;

    /* Most texts that are sorted share much; the number that a common part ends in must be read as a whole. */
    while (a[same] && a[same] == b[same])
        same++;
    if (a[same] == b[same])
        return 0;
    if (!is_digit(a[same]) && !is_digit(b[same]))
        return (unsigned char)a[same] < (unsigned char)b[same] ? -1 : 1;
    while (same && isdigit((unsigned char)a[same - 1]))
        same--;
    int order = compare_spans(a + same, a + strlen(a), b + same, b + strlen(b));

    return order ? order : strcmp(a, b); /* "01" and "1" differ, if only a little */
}

static int compare_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_natural(const void *a, const void *b)
{
    return text_compare_natural(*(const char *const *)a, *(const char *const *)b);
}

void texts_sort(struct vec *texts)
{
    if (texts->count > 1)
        qsort(texts->items, texts->count, sizeof(*texts->items), compare_bytes);
}

void texts_sort_natural(struct vec *texts)
{
    if (texts->count > 1)
        qsort(texts->items, texts->count, sizeof(*texts->items), compare_natural);
}

char *text_path(struct arena *arena, const char *directory, const char *name)
{
    char *path = arena_alloc(arena, strlen(directory) + strlen(name) + 2);
    char *end = stpcpy(path, directory);

    if (!text_ends(directory, "/"))
        *end++ = '/';
    stpcpy(end, name);
    return path;
}

const char *text_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

struct version_part {
    const char *start;
    const char *end;
};

/* The next part between dots and dashes; "0" when there is none. */
static struct version_part next_part(const char **version)
{
    static const char zero[] = "0";
    struct version_part part = {*version, *version + strcspn(*version, ".-")};

    *version = *part.end ? part.end + 1 : part.end;
    if (part.start == part.end)
        return (struct version_part){zero, zero + 1};
    return part;
}

int text_compare_versions(const char *a, const char *b)
{
    while (*a || *b) {
        struct version_part left = next_part(&a), right = next_part(&b);
        int order = compare_spans(left.start, left.end, right.start, right.end);

        if (order)
            return order;
    }
    return 0;
}

static unsigned minimum(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Edit distance in which swapping two neighbours is one edit. Both are at most NEAREST_LENGTH long. */
static unsigned edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned rows[3][NEAREST_LENGTH + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2], *spare;

    for (size_t j = 0; j <= b_length; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = minimum(minimum(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = minimum(row[j], before[j - 2] + 1);
        }
        spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[b_length];
}

const char *text_nearest(const char *text, const char *const *names, size_t count)
{
    size_t length = strlen(text);
    unsigned best = length < 3 ? 1 : (unsigned)(length + 1) / 3;
    const char *nearest = NULL;

    if (!length || length > NEAREST_LENGTH)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = names[i] ? strlen(names[i]) : 0;
        unsigned distance;

        if (!other || other > NEAREST_LENGTH)
            continue;
        distance = edit_distance(text, length, names[i], other);
        /* Of those that are equally near rather one that begins the same. */
        bool nearer = distance < best || (distance == best && (!nearest || (*names[i] == *text && *nearest != *text)));
        if (distance < (length > other ? length : other) && nearer) {
            best = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

size_t text_utf8(const char *text, size_t length, uint32_t *ret_character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    const unsigned char *bytes = (const unsigned char *)text;
    size_t size = *bytes < 0x80 ? 1 : *bytes < 0xc0 ? 0 : *bytes < 0xe0 ? 2 : *bytes < 0xf0 ? 3 : *bytes < 0xf8 ? 4 : 0;
    uint32_t character = *bytes & first_bits[size];

    if (!size || size > length)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xc0U) != 0x80)
            return 0;
        character = character << 6 | (bytes[i] & 0x3fU);
    }
    if (character < least[size] || character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff))
        return 0;
    *ret_character = character;
    return size;
}

/* That is most of every text, so eight bytes are looked at at once: 0x20 is taken from each, and none may have had
 * less, or 0x80 or more. */
size_t text_plain_span(const char *text, size_t length)
{
    static const uint64_t each = UINT64_MAX / UINT8_MAX;
    size_t position = 0;
    uint64_t word;

    for (; length - position >= sizeof(word); position += sizeof(word)) {
        memcpy(&word, text + position, sizeof(word));
        if ((word | (word - each * 0x20)) & each * 0x80)
            break;
    }
    while (position < length && (unsigned char)text[position] >= 0x20 && (unsigned char)text[position] < 0x80)
        position++;
    return position;
}

/* The control characters after those of ASCII: terminals take U+009B for ESC [. */
static bool is_late_control(uint32_t character)
{
    return character >= 0x80 && character <= 0x9f;
}

/* The length of the character at text if XML 1.0 allows it and no terminal obeys it, else 0. */
static size_t xml_character(const char *text, size_t length)
{
    uint32_t character;
    size_t size = text_utf8(text, length, &character);

    if (size == 1 && character < 0x20)
        return character == '\t' || character == '\n' || character == '\r';
    if (size == 2 && is_late_control(character))
        return 0;
    return size == 3 && (character == 0xfffe || character == 0xffff) ? 0 : size;
}

/* How many bytes from the start are fine as they are. */
static size_t xml_span(const char *text, size_t length)
{
    size_t position = text_plain_span(text, length), size;

    while (position < length && (size = xml_character(text + position, length - position)) > 0) {
        position += size;
        position += text_plain_span(text + position, length - position);
    }
    return position;
}

char *text_sanitise(struct arena *arena, const char *text, size_t length)
{
    size_t good = xml_span(text, length);
    AUTO(buf_free) struct buf clean = BUF_INIT;

    if (good == length)
        return arena_strndup(arena, text, length);
    while (good < length) {
        buf_add_n(&clean, text, good);
        buf_add(&clean, "\xef\xbf\xbd");
        text += good + 1;
        length -= good + 1;
        good = xml_span(text, length);
    }
    buf_add_n(&clean, text, length);
    return arena_strndup(arena, clean.data, clean.length);
}

static bool line_is_wanted(const char *line, size_t length, const char *words)
{
    bool found = false, all = true;

    while (*words) {
        const bool unwanted = *words == '!';
        const char *word = words + unwanted;
        const size_t size = strcspn(word, "\n");
        const bool there = memmem(line, length, word, size) != NULL;
        if (there && unwanted)
            return false;
        found = found || there;
        all = all && unwanted;
        words = word + size + (word[size] == '\n');
    }
    return found || all;
}

size_t text_blank_lines(char *text, size_t length, const char *words)
{
    const char *line = text, *const end = text + length;
    size_t kept = 0;

    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const size_t size = (size_t)((newline ? newline : end) - line);
        if (line_is_wanted(line, size, words)) {
            memmove(text + kept, line, size);
            kept += size;
        } else if (size > 0) {
            text[kept++] = ' ';
        }
        if (newline)
            text[kept++] = '\n';
        line += size + 1;
    }
    memset(text + kept, 0, length - kept);
    return kept;
}

void text_add_printable(struct buf *out, const char *text, size_t length)
{
    while (length) {
        uint32_t character = 0;
        size_t size = text_utf8(text, length, &character), step = size ? size : 1;
        bool control = (character < 0x20 && character != '\t') || character == 0x7f || is_late_control(character);

        if (size && !control)
            buf_add_n(out, text, size);
        else
            buf_char(out, '?');
        text += step;
        length -= step;
    }
}
