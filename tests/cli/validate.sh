#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# validate.sh BINARY: which schema, what is said, and the same verdict as jing on thousands of mutated documents; --compat.
set -u
. "$(dirname "$0")/../results.sh"
tree=$PWD
export HVPROBE_RULES=$tree/rules HVPROBE_SCHEMAS=$tree/schemas HVPROBE_CACHE= NO_COLOR=1
published=/usr/share/libvirt/schemas/capability.rng

# ---- which schema, and what is said
cd tests/documents || exit 2
has 'by root element' "$("$binary" validate capabilities.xml)" 'capabilities.xml: valid capabilities'
has 'another format of that root element' "$("$binary" validate ../rules/capabilities-2007/xen/expect.xml)" \
    '../rules/capabilities-2007/xen/expect.xml: valid capabilities-2007'
has 'and another' "$("$binary" validate ../rules/capabilities-2007-draft/xen/expect.xml)" \
    '../rules/capabilities-2007-draft/xen/expect.xml: valid capabilities-2007-draft'
for example in proposal-*.xml; do
    case $example in *-draft-*) name=capabilities-2007-draft ;; *) name=capabilities-2007 ;; esac
    has "the thread's own $example" "$("$binary" validate "$example")" "$example: valid $name"
done
sed 's/<os_type>hvm/<os_type>hmv/; s/<wordsize>64/<wordsize>65/; s/cpuselection/cpuselecton/' capabilities.xml >"$work/three.xml"
text=$("$binary" validate "$work/three.xml")
line=$(grep -n '<os_type>' "$work/three.xml" | cut -d: -f1)
has 'line and element' "$text" "$work/three.xml:$line: error: /capabilities/guest/os_type: element 'os_type' cannot be 'hmv'"
has 'all errors, what was expected' "$text" "    expected: positiveInteger with pattern 31|32|64"
has 'the nearest name' "$text" "$work/three.xml:$((line + 15)): error: /capabilities/guest/features/cpuselecton: 'features' has no element 'cpuselecton'; did you mean 'cpuselection'?"
has 'the schema that it is measured by' "$text" \
    "$work/three.xml: not valid by the schema capabilities, nor by capabilities-2007-draft, capabilities-2007"
cat >"$work/meant.xml" <<'XML'
<capabilities>
  <host><cpu><arch>x86_64</arch></cpu></host>
  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'><wordsize>65</wordsize><domain type='kvm'/></arch>
    <features><acpi default='on'/><foo/></features>
  </guest>
  stray text
</capabilities>
XML
has 'the schema of its name, though an older one has fewer errors' "$("$binary" validate "$work/meant.xml")" \
    "$work/meant.xml:5: error: /capabilities/guest/arch/wordsize: element 'wordsize' cannot be '65'"
gives 'a named schema' 0 "$binary" validate --schema capabilities capabilities.xml
gives 'a schema file' 0 "$binary" validate --schema "$tree/schemas/capabilities.rng" capabilities.xml
gives 'another named schema' 1 "$binary" validate --schema capabilities-2007 capabilities.xml
gives 'an unknown schema' 2 "$binary" validate --schema nothing capabilities.xml
echo '<nothing/>' >"$work/nothing.xml"
gives 'an unknown root element' 2 "$binary" validate "$work/nothing.xml"
printf '<capabilities>' >"$work/cut.xml"
gives 'not XML' 1 "$binary" validate "$work/cut.xml"

# ---- for programs
"$binary" validate --format json capabilities.xml "$work/three.xml" "$work/cut.xml" "$work/none.xml" >"$work/json" 2>/dev/null
is 'JSON: the status is that of the text' 5 $?
is 'JSON: a list of files, valid or not, or nobody knows' "$(printf 'capabilities.xml True 0\n%s False 3\n%s False 1\n%s None 1' \
    "$work/three.xml" "$work/cut.xml" "$work/none.xml")" \
    "$(python3 -c 'import json, sys; [print(f["file"], f["valid"], len(f["errors"])) for f in json.load(sys.stdin)]' <"$work/json")"
is 'JSON: errors with line and message' "$line element 'os_type' cannot be 'hmv'" \
    "$(python3 -c 'import json, sys; e = json.load(sys.stdin)[1]["errors"][0]; print(e["line"], e["message"])' <"$work/json")"
is 'JSON: where a file is no XML' "1" "$(python3 -c 'import json, sys; print(json.load(sys.stdin)[2]["errors"][0].get("line"))' <"$work/json")"
gives 'a format that there is not' 2 "$binary" validate --format xml capabilities.xml
cd "$tree" || exit 2

# ---- the same verdict as jing
agree() { # SCHEMA DOCUMENT
    local schema=schemas/$1.rng directory=$work/$1 ours theirs
    mkdir -p "$directory"
    awk -v out="$directory" -f tests/documents/mutate.awk "$2"
    cp "$2" "$directory/whole.xml"
    ours=$("$binary" validate --timeout 600 --schema "$schema" "$directory"/*.xml | sed -n 's/^\(.*\): not valid by .*/\1/p' | sort -u)
    theirs=$(jing "$schema" "$directory"/*.xml 2>/dev/null | sed -n 's/^\([^:]*\):[0-9].*error:.*/\1/p' | sort -u)
    if [ -n "$theirs" ] && [ "$ours" = "$theirs" ]; then
        ok "$1: jing agrees on $(ls "$directory" | wc -l) documents, $(wc -l <<<"$theirs") of them invalid"
    else
        not_ok "$1: jing" "$(diff <(echo "$theirs") <(echo "$ours"))"
    fi
    rm -r "$directory"
}
if can 'the same verdict as jing' jing; then
    agree capabilities tests/documents/capabilities.xml
fi
# With sanitizers one of them will do: the walk is the same.
if [[ $binary != */asan/* ]] && can 'the same verdict as jing' jing; then
    agree compat/libvirt tests/documents/capabilities.xml
    agree capabilities-2007 tests/rules/capabilities-2007/qemu/expect.xml
    agree capabilities-2007-draft tests/rules/capabilities-2007-draft/qemu/expect.xml
    agree checks tests/rules/kvm/checks-ready/expect.xml
    agree detect tests/rules/vm/acrn/expect.xml
fi

# ---- --compat
left=$("$binary" capabilities --compat libvirt-9.0 --snapshot tests/rules/vbox/ubuntu/snapshot 2>&1 >"$work/compat.xml")
has 'compat: what is left out, and why' "$left" \
    "hvprobe: left out /capabilities/guest (hvm, x86_64): attribute 'type' cannot be 'vbox'"
gives 'compat: the result is valid' 0 "$binary" validate --schema schemas/compat/libvirt-9.0.rng "$work/compat.xml"
gives 'compat: an unknown name' 2 "$binary" capabilities --compat nothing
gives 'compat: not with a dialect' 2 "$binary" capabilities --compat libvirt --dialect 2007

# Each generation's documents by our own schema of it, and by libvirt's where that is installed.
. tests/generations.sh
published=/usr/share/libvirt/schemas/capability.rng
if can 'compat: generations' xmllint; then
    # The one in between, and libvirt's own schemas of all of them: tests/releases/schemas.sh.
    for generation in libvirt-9.0 libvirt-12.8; do
        generation_is_valid $generation schemas/compat/$generation.rng 'our schema'
    done
fi
if [ ! -f $published ]; then
    skip "compat: libvirt's own schema" 'it is not installed'
elif can "compat: libvirt's own schema" xmllint; then
    generation=$(generation_of $published)
    generation_is_valid "$generation" $published "libvirt's own schema"
    gives "compat: libvirt's own schema as the measure" 0 "$binary" capabilities --compat $published --snapshot tests/rules/vbox/ubuntu/snapshot
fi
host() { "$binary" --snapshot tests/rules/topology/two-sockets/snapshot "$@"; }
says 'compat: clusters are newer than 9.0' 0 "left out /capabilities/host/topology/cells/cell (0, KiB)/cpus/cpu (0, 0)/@cluster_id and 15 more: 'cpu' has no attribute 'cluster_id'" \
    host capabilities --compat libvirt-9.0
says 'compat: and not than 11.3' 0 "!left out" host capabilities --compat libvirt-11.3
mkdir "$work/loongarch"
printf 'hvprobe-snapshot: 1\nuname: {sysname: Linux, machine: loongarch64}\nfiles: {/proc/cpuinfo: "processor: 0"}\n' >"$work/loongarch/snapshot.yaml"
says 'compat: an architecture that it does not know' 1 "element 'arch' cannot be 'loongarch64'" \
    "$binary" --snapshot "$work/loongarch" capabilities --compat libvirt-9.0
says 'compat: which a later one does' 0 '' "$binary" --snapshot "$work/loongarch" capabilities --compat libvirt-11.3
mkdir "$work/ampere" "$work/grace"
arm() { # FOLDER IMPLEMENTER PART
    printf 'hvprobe-snapshot: 1\nuname: {sysname: Linux, machine: aarch64}\nfiles: {/proc/cpuinfo: "processor: 0\\nCPU implementer: %s\\nCPU part: %s\\n"}\n' \
        "$2" "$3" >"$work/$1/snapshot.yaml"
}
mkdir "$work/qcow2"
{ echo 'hvprobe-snapshot: 1'; sed '/^about:/d; /^document:/d; /^expect:/,$d' tests/rules/domain/uefi-qcow2/case.yaml; } >"$work/qcow2/snapshot.yaml"
arm ampere 0xc0 0xac3
arm grace 0x41 0xd4f
says "compat: a maker that it does not know" 0 "left out /capabilities/host/cpu/vendor: libvirt 9.0 does not know this maker of processors" \
    "$binary" --snapshot "$work/ampere" capabilities --compat libvirt-9.0
says 'compat: which a later one does, and the model' 0 '<model>Ampere-1</model>' "$binary" --snapshot "$work/ampere" capabilities --compat libvirt-11.3
says 'compat: a model that it does not know' 0 '!<model>' "$binary" --snapshot "$work/grace" capabilities --compat libvirt-11.3
says 'compat: firmware in another format than raw' 0 '!<loader' "$binary" --snapshot "$work/qcow2" domain --compat libvirt-9.0
says 'compat: which came with 9.2' 0 "format='qcow2'" "$binary" --snapshot "$work/qcow2" domain --compat libvirt-11.3
gives 'compat: libvirt is the newest' 0 cmp <(host capabilities --compat libvirt) <(host capabilities --compat libvirt-12.8)
says 'compat: domain has it too' 0 '<domain ' "$binary" --snapshot tests/rules/kvm/x86_64/snapshot domain --compat libvirt-9.0
exit $status
