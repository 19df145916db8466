/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name and a text, as parameters and variables are. */
#ifndef HVPROBE_BASE_NAMED_TEXT_H
#define HVPROBE_BASE_NAMED_TEXT_H

/* Lists of them end with a NULL name. */
struct named_text {
    const char *name;
    const char *value;
};

#endif
