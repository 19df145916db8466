/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for errors: what a person can do something about, not what errno is called. */
#include "root/errors.h"

#include "base/memory.h"

#include <errno.h>
#include <string.h>

/* Numbers differ between architectures, so snapshots have names; not every C library can tell them. */
#define ERROR(name)                                                                                                    \
    {                                                                                                                  \
        name, #name                                                                                                    \
    }
static const struct {
    int number;
    const char *name;
} errors[] = {
    ERROR(E2BIG),   ERROR(EACCES),       ERROR(EAGAIN),    ERROR(EBADF),        ERROR(EBUSY),        ERROR(ECANCELED),
    ERROR(ECHILD),  ERROR(ECONNREFUSED), ERROR(EDEADLK),   ERROR(EDOM),         ERROR(EEXIST),       ERROR(EFAULT),
    ERROR(EFBIG),   ERROR(EHOSTDOWN),    ERROR(EINTR),     ERROR(EINVAL),       ERROR(EIO),          ERROR(EISDIR),
    ERROR(ELOOP),   ERROR(EMEDIUMTYPE),  ERROR(EMFILE),    ERROR(EMLINK),       ERROR(ENAMETOOLONG), ERROR(ENFILE),
    ERROR(ENODATA), ERROR(ENODEV),       ERROR(ENOENT),    ERROR(ENOEXEC),      ERROR(ENOMEM),       ERROR(ENOSPC),
    ERROR(ENOSYS),  ERROR(ENOTCONN),     ERROR(ENOTDIR),   ERROR(ENOTEMPTY),    ERROR(ENOTSUP),      ERROR(ENOTTY),
    ERROR(ENXIO),   ERROR(EOVERFLOW),    ERROR(EPERM),     ERROR(EPIPE),        ERROR(EPROTO),       ERROR(ERANGE),
    ERROR(EROFS),   ERROR(ESPIPE),       ERROR(ESRCH),     ERROR(ESTALE),       ERROR(ETIMEDOUT),    ERROR(ETXTBSY),
    ERROR(EXDEV),   ERROR(EREMOTEIO),    ERROR(ENOMEDIUM), ERROR(EKEYREJECTED), ERROR(ELIBBAD),
};

int error_number(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
        if (strcmp(errors[i].name, name) == 0) {
            return errors[i].number;
        }
    }
    return 0;
}

const char *error_name(int number)
{
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
        if (errors[i].number == number) {
            return errors[i].name;
        }
    }
    return "EIO";
}
