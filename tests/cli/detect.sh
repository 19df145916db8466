#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# detect.sh BINARY: the command detect, and what the tools that it stands beside say of this very machine.
set -u
. "$(dirname "$0")/../results.sh"
export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas
case_of() { printf 'tests/rules/%s/snapshot' "$1"; }
detect() { "$binary" detect "$@" 2>>"$work/errors"; }
has() { grep -qx -- "$1" "$work/facts"; }

# --- forms
check "bare metal prints nothing, status 0" test "$(detect --snapshot "$(case_of vm/bare-metal)"; echo "status $?")" = "status 0"
check "bare metal is an empty list in JSON" test "$(detect --snapshot "$(case_of vm/bare-metal)" --format json)" = "[]"
check "one fact a line, innermost first" \
    test "$(detect --snapshot "$(case_of container/docker-in-kvm)" | tr '\n' ' ')" = "docker kvm "
check "--kind chooses" test "$(detect --snapshot "$(case_of container/docker-in-kvm)" --kind vm)" = kvm
check "JSON tells kind, role and evidence" test "$(detect --snapshot "$(case_of vm/xen-dom0-features)" --format json | tr -d ' \n')" = \
    '[{"name":"xen","kind":"vm","role":"host","evidence":["/sys/hypervisor/type:xen"]},{"name":"xen-dom0","kind":"vm","role":"host","evidence":["/sys/hypervisor/properties/features:00002f05"]}]'
check "lines with columns join what is a list" \
    test "$(detect --snapshot "$(case_of vm/hyperv-root)" --columns name,role,evidence | tr '\t' '|')" = \
    'hyperv|host|cpuid 0x40000000: Microsoft Hv; cpuid 0x40000003: ebx 0x002bb9ff'
check "XML is the document" test "$(detect --snapshot "$(case_of vm/xen-type)" --format xml | grep -c "<fact name='xen' kind='vm' role='guest'>")" = 1
check "a directory's texts speak where there is no processor to ask" \
    test "$(detect --root "$(case_of vm/qemu-tcg)/root")" = qemu

# --- this machine
detect >"$work/facts"
check "status 0 on this machine" test $? = 0
if can_be_root 'what virt-what says' && can 'what virt-what says' virt-what; then
    # Of all that virt-what tells, "virt" is a guess by time that is left out on purpose.
    for fact in $(virt-what 2>/dev/null | grep -vx virt); do
        check "virt-what's $fact" has "$fact"
    done
fi
# systemd's words for the same.
declare -A words=([oracle]=virtualbox [microsoft]=hyperv [amazon]=aws [google]=google_cloud [zvm]=ibm_systemz-zvm)
if can 'what systemd says' systemd-detect-virt; then
    for kind in --vm --container; do
        word=$(systemd-detect-virt $kind)
        case $word in
        none | powervm) continue ;;
        esac
        check "systemd's $word ($kind)" has "${words[$word]-$word}"
    done
fi
if can_be_root 'what an ordinary user sees'; then
    # The build tree may be closed to others: what is looked for is there for everybody.
    cp "$binary" "$work/hvprobe" && cp -r rules schemas "$work" && chmod -R a+rX "$work"
    HVPROBE_RULES=$work/rules HVPROBE_SCHEMAS=$work/schemas HVPROBE_CACHE='' \
        setpriv --reuid 65534 --regid 65534 --clear-groups "$work/hvprobe" detect >"$work/user" 2>>"$work/errors"
    # Only the environment of PID 1 and the flag of SMBIOS are root's.
    check "an ordinary user sees no less than systemd does" grep -qxF -f "$work/facts" "$work/user"
fi
if can 'nothing is executed' strace; then
    check "nothing is executed" test "$(strace -f -e trace=execve "$binary" detect 2>&1 >/dev/null | grep -c execve)" = 1
fi
check "nothing on standard error" test ! -s "$work/errors"
sed 's/^/    /' "$work/errors"
exit $status
