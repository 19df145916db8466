/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What filters of all kinds share: values one by one, and values as numbers. */
#include "base/text.h"
#include "facts/filters.h"
#include "facts/internal.h"

#include <string.h>

void filter_each(struct filter_call *call, const char *(*change)(struct filter_call *call, const char *value))
{
    size_t kept = 0;

    for (size_t i = 0; i < call->count; i++) {
        const char *value = change(call, call->values[i]);
        if (value != NULL)
            call->values[kept++] = value;
    }
    call->count = kept;
}

/* Registers, masks and sizes use all 64 bits. */
bool filter_number(const char *value, uint64_t *ret_number)
{
    int64_t number;

    if (text_number(value, &number)) {
        *ret_number = (uint64_t)number;
        return number >= 0;
    }
    if (text_starts(value, "0x") || text_starts(value, "0X"))
        return text_hex(value, ret_number);
    return value[strspn(value, "0123456789")] == '\0' && text_bytes(value, ret_number);
}
