#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# doctor.sh BINARY: what clients would choose. That they would is held against virtinst in tests/clients/virtinst.sh.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
export NO_COLOR=1
doctor() { "$binary" doctor --snapshot tests/rules/kvm/x86_64/snapshot "$@"; }
bare() { "$binary" doctor --snapshot tests/rules/power/none/snapshot "$@"; }

all=$(doctor --format lines)
for client in virt-install virt-manager nova kubevirt vdsm cockpit gnome-boxes; do
    is "$client: as when all are asked" "$(awk -F '\t' -v client="$client" '$2 == client' <<<"$all")" "$(doctor --as "$client" --format lines)"
    says "$client: where nothing is installed the answer is no" 1 FAIL bare --as "$client"
done
says 'a client that is not known' 2 "did you mean 'nova'?" doctor --as novaa
says 'JSON has the reasons' 0 '"name": "type"' doctor --as nova --format json
says 'the document' 0 "<check client='nova' name='type' version='26.2' result='pass'>" doctor --as nova --format xml
doctor --format xml >"$work/doctor.xml"
says 'which is valid' 0 'valid doctor' "$binary" validate "$work/doctor.xml"
exit $status
