/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a call ends, for all who ask: the exit statuses of the program and the library's hvp_status are these numbers. */
#ifndef HVPROBE_SESSION_STATUS_H
#define HVPROBE_SESSION_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_NO = 1,          /* the answer is no; never a failure */
    STATUS_USAGE = 2,       /* there is no such thing as was asked for */
    STATUS_BROKEN_RULE = 3, /* a rule file is broken, or no rule, schema or view is there */
    STATUS_NO_ROOT = 4,     /* the root or snapshot cannot be read */
    STATUS_FAILED = 5       /* the answer is incomplete or could not be given */
};

/* What to end with where both hold: 2, 3, 4, 5, 1, 0. */
enum status status_worst(enum status one, enum status other);

#endif
