/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source ioctl: what a device answers. Only requests that are known to change nothing are made. */
#include "probe/registry.h"
#include "probe/support.h"

#include "base/file.h"

#include <errno.h>

enum { ARGUMENT_PATH, ARGUMENT_REQUEST, ARGUMENT_ARGUMENT };
enum { ARGUMENT_LIMIT = 0xffff }; /* larger ones could be addresses */

static const char *const columns[] = {"result", NULL};

static const struct field fields[] = {
    {"ioctl", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_ABSOLUTE, NULL, "absolute path of the character device", NULL},
    {"request", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_WHOLE, NULL, "number of a request that takes no pointer", NULL},
    {"argument", FIELD_TEMPLATE, FIELD_WHOLE, NULL, "its argument, a number; 0 unless given", NULL},
    {0},
};

/* The device answered, or there is none behind the node: we looked, and it is not there. */
static bool is_no(int error)
{
    static const int answers[] = {-ENOTTY, -EINVAL, -ENOSYS, -ENXIO, -ENODEV};

    for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
        if (error == answers[i])
            return true;
    return false;
}

static enum verdict failed(struct probe *probe, const char *path, uint64_t request, int error)
{
    if (is_no(error)) {
        probe_note(probe, path, "request 0x%llx: %s", (unsigned long long)request, file_error(error));
        return probe_no(probe, "%s: request 0x%llx: %s", path, (unsigned long long)request, file_error(error));
    }
    if (error == -EOPNOTSUPP && root_is_live(probe->root)) {
        probe_refuse(probe, "%s: request 0x%llx takes a pointer, or this is not a character device", path,
                     (unsigned long long)request);
        return VERDICT_UNKNOWN;
    }
    if (error == -ECANCELED) {
        probe_refuse(probe, "%s: request 0x%llx is not known to change nothing (%s), so the device was not opened",
                     path, (unsigned long long)request, root_consent_path(probe->root));
        return VERDICT_UNKNOWN;
    }
    return probe_error_live(probe, path, error);
}

static enum verdict eval(struct probe *probe)
{
    const char *path = probe->arguments[ARGUMENT_PATH].text;
    uint64_t request, argument;
    struct item *item;
    long result;
    int error;

    if (!probe_absolute(probe, path) || !probe_number(probe, ARGUMENT_REQUEST, UINT32_MAX, &request) ||
        !probe_number(probe, ARGUMENT_ARGUMENT, ARGUMENT_LIMIT, &argument))
        return VERDICT_UNKNOWN;
    error = root_ioctl(probe->root, path, (unsigned long)request, (unsigned long)argument, &result);
    if (error)
        return failed(probe, path, request, error);
    probe_note(probe, path, "request 0x%llx gives %ld", (unsigned long long)request, result);
    item = probe_item(probe);
    if (!item)
        return VERDICT_UNKNOWN;
    item->row->path = path;
    row_set(probe->arena, item->row, "result", arena_printf(probe->arena, "%ld", result));
    return VERDICT_YES;
}

const struct source_kind source_ioctl = {
    .name = "ioctl",
    .help = "What a character device answers to a request without a pointer: one number.",
    .fields = fields,
    .columns = columns,
    .eval = eval,
};
