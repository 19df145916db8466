/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON as text, written in order; indented, or on one line. */
#ifndef HVPROBE_BASE_JSON_H
#define HVPROBE_BASE_JSON_H

#include "base/memory.h"

/* A text as a JSON string, in quotes. What is not UTF-8 becomes U+FFFD. */
void json_text(struct buf *out, const char *text, size_t length);

struct json_writer {
    struct buf *out;
    unsigned depth;
    bool filled;  /* something stands before in the object or list that is open */
    bool compact; /* all on one line, without blanks */
};

/* Objects and lists: bracket is '{' or '['. Where a value is due; the caller closes what it opens. */
void json_open(struct json_writer *writer, char bracket);
void json_close(struct json_writer *writer, char bracket);
/* In an object: the next key; then its value is due. In a list: the next item is due. */
void json_key(struct json_writer *writer, const char *key);
void json_item(struct json_writer *writer);
/* Values: a text, and what is JSON already. */
void json_string(struct json_writer *writer, const char *text);
void json_raw(struct json_writer *writer, const char *json);
/* key and text; a NULL text writes nothing. */
void json_member(struct json_writer *writer, const char *key, const char *text);
/* A list of texts on one line; texts end with NULL. */
void json_texts(struct json_writer *writer, const char *const *texts);

#endif
