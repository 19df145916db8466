/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What programs printed when a snapshot was taken. */
#include "root/backend.h"
#include "root/snapshot.h"

#include <errno.h>
#include <string.h>

static bool same_request(const struct snapshot_exec *item, const struct root_exec *request)
{
    for (size_t i = 0; i < item->argv.count; i++) {
        if (!request->argv[i] || strcmp(request->argv[i], item->argv.items[i]) != 0) {
            return false;
        }
    }
    if (request->argv[item->argv.count]) {
        return false;
    }
    return !item->input || strcmp(item->input, request->input ? request->input : "") == 0;
}

int snapshot_exec(struct root *root, struct arena *arena, const struct root_exec *request,
                  struct root_exec_result *ret_result)
{
    const struct snapshot *snapshot = root->state;

    for (size_t i = 0; i < snapshot->execs.count; i++) {
        const struct snapshot_exec *item = snapshot->execs.items[i];

        if (!same_request(item, request)) {
            continue;
        }
        if (item->error.given) {
            return -(int)item->error.value;
        }
        ret_result->status = (int)item->status.value;
        ret_result->output = arena_strdup(arena, item->output ? item->output : "");
        ret_result->length = strlen(ret_result->output);
        return 0;
    }
    return -EOPNOTSUPP;
}
