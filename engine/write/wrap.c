/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines that end between words: libsmartcols breaks them anywhere, and nobody can search for, or copy, half a path. */
#include "write/wrap.h"
#include "base/text.h"
#include "write/write.h"

#include <string.h>
#include <wchar.h>

struct utf8_locale utf8_enter(void)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return (struct utf8_locale){utf8, utf8 ? uselocale(utf8) : (locale_t)0};
}

void utf8_leave(struct utf8_locale *locale)
{
    if (!locale->utf8)
        return;
    uselocale(locale->before);
    freelocale(locale->utf8);
}

/* A character as it is shown. */
struct glyph {
    uint32_t character;
    size_t length; /* in bytes */
    size_t width;
};

static struct glyph glyph_at(const char *text)
{
    struct glyph glyph = {.character = (unsigned char)*text, .length = 1, .width = 1};
    if (*text == '\033') /* a colour */
        return (struct glyph){.character = '\033', .length = strcspn(text, "m") + (strchr(text, 'm') != NULL)};
    if ((unsigned char)*text < 0x80)
        return glyph;
    const size_t length = text_utf8(text, strlen(text), &glyph.character);
    const int width = length > 0 ? wcwidth((wchar_t)glyph.character) : 1;
    glyph.length = length > 0 ? length : 1;
    glyph.width = width >= 0 ? (size_t)width : 1;
    return glyph;
}

/* What no line begins with in Chinese and Japanese: full stops, commas, closing brackets, small kana and the long
 * vowel. */
static bool clings(uint32_t character)
{
    static const uint32_t characters[] = {0x3001, 0x3002, 0x300d, 0x300f, 0x3063, 0x3083, 0x3085,
                                          0x3087, 0x30c3, 0x30e3, 0x30e5, 0x30e7, 0x30fc, 0xff09,
                                          0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f};
    for (size_t i = 0; i < ARRAY_SIZE(characters); i++)
        if (characters[i] == character)
            return true;
    return false;
}

/* The bytes of the word at text, no blanks before it; of a path (paths) those as far as its next slash or dot. */
static size_t word_length(const char *text, bool paths, size_t *ret_width)
{
    const char *at = text;
    bool wide = false;
    *ret_width = 0;
    while (*at && *at != ' ' && *at != '\n') {
        const struct glyph glyph = glyph_at(at);
        if (paths && at > text + 1 && (at[-1] == '/' || at[-1] == '.'))
            break;
        if (at > text && (wide || glyph.width == 2) && !clings(glyph.character))
            break;
        wide = glyph.width == 2;
        *ret_width += glyph.width;
        at += glyph.length;
    }
    return (size_t)(at - text);
}

size_t text_width(const char *text)
{
    size_t width = 0;
    while (*text && *text != '\n') {
        const struct glyph glyph = glyph_at(text);
        width += glyph.width;
        text += glyph.length;
    }
    return width;
}

size_t widest_line(const char *text)
{
    size_t widest = 0;
    for (;; text++) {
        const size_t width = text_width(text);
        widest = width > widest ? width : widest;
        text += strcspn(text, "\n");
        if (!*text)
            return widest;
    }
}

size_t widest_word(const char *text, bool paths)
{
    size_t widest = 0;
    while (*(text += strspn(text, " \n"))) {
        size_t width;
        text += word_length(text, paths, &width);
        widest = width > widest ? width : widest;
    }
    return widest;
}

void add_wrapped(struct buf *out, const char *text, size_t width, size_t indent, bool paths)
{
    size_t used = 0;
    while (*text) {
        const size_t blanks = strspn(text, " ");
        size_t word;
        size_t length = word_length(text + blanks, false, &word);
        if (paths && word > width)
            length = word_length(text + blanks, true, &word);
        if (used > 0 && length > 0 && used + blanks + word > width) {
            buf_char(out, '\n');
            buf_pad(out, ' ', indent);
            used = 0;
        }
        if (used > 0 && length > 0) {
            buf_pad(out, ' ', blanks);
            used += blanks;
        }
        buf_add_n(out, text + blanks, length);
        used += word;
        text += blanks + length;
        if (*text != '\n')
            continue;
        buf_char(out, '\n');
        buf_pad(out, ' ', indent);
        used = 0;
        text++;
    }
}

void write_lines_wrapped(struct buf *out, const char *text, size_t width)
{
    enum { HANG = 4 };
    AUTO(utf8_leave) struct utf8_locale locale = utf8_enter();
    (void)locale;
    for (size_t length; *text; text += length + (text[length] == '\n')) {
        const size_t indent = strspn(text, " ");
        length = strcspn(text, "\n");
        AUTO(buf_free) struct buf line = BUF_INIT;
        buf_add_n(&line, text + indent, length - indent);
        buf_pad(out, ' ', indent);
        if (width > 0 && indent + text_width(buf_text(&line)) > width && width > 2 * (indent + HANG))
            add_wrapped(out, buf_text(&line), width - indent - HANG, indent + HANG, false);
        else
            buf_add(out, buf_text(&line));
        buf_char(out, '\n');
    }
}
