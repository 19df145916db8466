/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From words to a command and its exit status. */
#include "base/build.h"
#include "cli/command.h"
#include "cli/guard.h"

/* Commands that do the same for many have a budget for each of them; the program's own is for the rest. */
static enum status run(struct invocation *invocation)
{
    enum status status = guard_time(invocation, &invocation->milliseconds);
    if (status != STATUS_OK)
        return status;
    if (!invocation_has(invocation, "host"))
        guard_begin(invocation);
    status = invocation->command->run(invocation);
    budget_end(&invocation->budget);
    return status;
}

/* What of it is in force on this machine. */
static void write_confinement(struct buf *out, struct confinement confinement)
{
    if (!confinement.privileges) {
        buf_add(out, confine_is_watched() ? "confined by nothing, as a tool is watching\n" : "confined by nothing\n");
        return;
    }
    buf_add(out, "confined by no-new-privileges");
    if (confinement.landlock)
        buf_printf(out, ", Landlock %d", confinement.landlock);
    buf_add(out, confinement.seccomp ? ", seccomp\n" : "\n");
}

static enum status answer(char **argv)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf out = BUF_INIT;
    struct invocation invocation = {0};
    enum status status = invocation_parse(&invocation, arena, argv);
    if (status != STATUS_OK)
        return status;
    if (invocation_has(&invocation, "version")) {
        buf_printf(&out, "hvprobe %s\n", HVPROBE_VERSION);
        write_confinement(&out, guard_confine(&invocation));
        return output(&out, STATUS_OK);
    }
    if (invocation_has(&invocation, "help")) {
        help_write(&out, arena, invocation.help_all ? NULL : invocation.command);
        return output(&out, STATUS_OK);
    }
    return run(&invocation);
}

int main(int argc, char **argv)
{
    (void)argc;
    guard_memory();
    const enum status status = answer(argv);
    guard_finish();
    return status;
}
