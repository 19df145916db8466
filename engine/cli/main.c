/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/build.h"
#include "cli/command.h"

int main(int argc, char **argv)
{
    (void)argc;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf out = BUF_INIT;
    struct invocation invocation = {0};
    enum status status = invocation_parse(&invocation, arena, argv);
    if (status != STATUS_OK)
        return status;
    if (invocation_has(&invocation, "version")) {
        buf_printf(&out, "hvprobe %s\n", HVPROBE_VERSION);
        return output(&out, STATUS_OK);
    }
    if (invocation_has(&invocation, "help")) {
        help_write(&out, arena, invocation.help_all ? NULL : invocation.command);
        return output(&out, STATUS_OK);
    }
    return invocation.command->run(&invocation);
}
