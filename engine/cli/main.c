/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/budget.h"
#include "base/build.h"
#include "cli/command.h"
#include "cli/guard.h"

/* Commands that do the same for many have a budget for each of them; the program's own is for the rest. */
static enum status run(struct invocation *invocation)
{
    struct budget budget;
    enum status status = guard_time(invocation, &invocation->milliseconds);
    if (status != STATUS_OK)
        return status;
    const int64_t whole = invocation->command->many ? 0 : invocation->milliseconds;
    guard_start(whole);
    budget_begin(&budget, whole);
    status = invocation->command->run(invocation);
    budget_end(&budget);
    return status;
}

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
    return run(&invocation);
}
