#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# all.sh BINARY: every call of each kind fails once, for each command on a small host (make fault). HVPROBE_FAULT_STEP=N: each Nth.
set -u
. "$(dirname "$0")/../results.sh"
topic=fault
this_tree
step=${HVPROBE_FAULT_STEP:-1}
. tests/fault/faults.bash

for command in capabilities 'list --format lines' 'checks --format lines' 'machines --format lines' detect 'paths qemu' 'explain qemu'; do
    for fault in 'alloc 12' 'read 5' 'open 5' 'open 24' 'stat 5' 'stat 13' 'write 28'; do
        # shellcheck disable=SC2086
        sweep "$step" $fault --root "$root" $command
    done
done
exit $status
