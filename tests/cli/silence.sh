#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# silence.sh HVPROBE: no silence with status 0: what is not there, not known, misspelt or not read is said, by status and message.
set -u
. "$(dirname "$0")/../results.sh"
hvprobe=$(realpath "$1")
this_tree
export LC_ALL=C
host=tests/rules/qemu/debian-12/root
[ -d $host ] || host=$(ls -d tests/rules/qemu/*/root | head -n 1)

for command in capabilities list detect checks machines domain rules lint explain paths; do
    HVPROBE_RULES=/nonexistent says "no rules: $command" 3 'there are no rules in /nonexistent' "$hvprobe" $command
done
mkdir -p "$work/schemas/views"
cp schemas/*.rng "$work/schemas/"
cp "$hvprobe" "$work/hvprobe"
HVPROBE_SCHEMAS=$work/schemas says 'no view' 3 'there are no views in' "$work/hvprobe" list --root $host
rm "$work/schemas/capabilities.rng"
HVPROBE_SCHEMAS=$work/schemas says 'no schema' 3 "no document 'capabilities'" "$work/hvprobe" --root $host
says 'no such dialect' 2 "there is no document 'capabilities-nope'" "$hvprobe" --dialect nope --root $host
says 'no root' 4 'does not exist' "$hvprobe" --root "$work/nowhere"
"$hvprobe" --root $host >/dev/full 2>"$work/err"
[ $? = 5 ]
result $? 'output that cannot be written: status 5'
says 'no document to validate' 5 'nowhere' "$hvprobe" validate "$work/nowhere"
says 'what is no XML' 1 'not' "$hvprobe" validate README.md

says 'a width' 2 "not 'x'" "$hvprobe" list --bits x --root $host
says 'a domain type' 2 "did you mean 'kvm'?" "$hvprobe" list --domain kmv --root $host
says 'an architecture' 2 "did you mean 'x86_64'?" "$hvprobe" list --arch x86-64 --root $host
says 'what another system calls it' 2 "did you mean 'aarch64'?" "$hvprobe" list --arch arm64 --root $host
says 'one that rules read' 2 "did you mean 'x86_64'?" "$hvprobe" cpus --arch x86_65 --root $host
says 'or understand' 0 'nothing here matches --arch amd64' "$hvprobe" cpus --arch amd64 --root $host
says "the host's architecture before the command" 0 "no rule knows the architecture 'foo'" "$hvprobe" --arch foo list --arch i686 --root $host
for command in capture batch explain; do
    says "$command has one form" 2 "$command has no format 'yaml'; it writes" "$hvprobe" $command --format yaml
done
says 'one among others' 2 "not 'x'" "$hvprobe" list --bits x --bits 64 --root $host
says 'a parameter' 2 "did you mean 'machine'?" "$hvprobe" domain -D mashine=q35 --root $host
says 'a driver' 2 "did you mean 'qemu'?" "$hvprobe" list --driver qemuu --root $host
says 'a driver of checks' 2 "there is no driver 'nosuch'" "$hvprobe" checks --driver nosuch --root $host
says 'nothing matches' 0 'nothing here matches --domain vz' "$hvprobe" list --domain vz --root $host
says 'an option before its argument' 2 "did you mean '--driver'?" "$hvprobe" --drivr qemu
says 'an unknown architecture' 0 "did you mean 'x86_64'?" "$hvprobe" --arch x86-46 --root $host
for pair in amd64:x86_64 arm64:aarch64 i386:i686; do
    "$hvprobe" --arch ${pair%:*} --root $host >"$work/one" 2>"$work/err" && "$hvprobe" --arch ${pair#*:} --root $host >"$work/other" &&
        cmp -s "$work/one" "$work/other" && none "$work/err"
    result $? "${pair%:*} is ${pair#*:}"
done

# A host of which nothing is readable has not been found empty.
mkdir -p "$work/shut"
printf 'hvprobe-snapshot: 1\nunasked: [cpuid, ioctl, exec]\nunread: [/]\n' >"$work/shut/snapshot.yaml"
for command in capabilities list detect machines cpus images domain domcapabilities 'domcapabilities --all' \
    'show facts' 'capabilities --dialect 2007' 'list --format json'; do
    says "nothing could be looked at: $command" 5 'nothing here could be looked at: /' "$hvprobe" $command --snapshot "$work/shut"
done
says 'nothing could be looked at: each check of a client says so' 0 'UNKNOWN nova' "$hvprobe" doctor --as nova --snapshot "$work/shut"
says 'nothing could be looked at: no answer is made of it' 5 '!cannot run any guest' "$hvprobe" domain --snapshot "$work/shut"
"$hvprobe" batch "$work/shut" >"$work/out" 2>"$work/err"
grep -q '"status":5.*"text":"nothing here could be looked at: /' "$work/out"
result $? 'nothing could be looked at: batch'
mkdir -p "$work/bare"
printf 'hvprobe-snapshot: 1\nunread: [/usr]\n' >"$work/bare/snapshot.yaml"
says 'nothing found, and not all could be looked at' 0 'not all could be looked at: /usr' "$hvprobe" list --snapshot "$work/bare"
printf 'hvprobe-snapshot: 1\n' >"$work/bare/snapshot.yaml"
says 'nothing found' 0 "'hvprobe explain' says" "$hvprobe" list --snapshot "$work/bare"
says 'nothing found, and so it should be' 0 '!hvprobe' "$hvprobe" detect --snapshot "$work/bare"

mkdir -p "$work/layer"
printf 'extends: qemu\n' >"$work/layer/90-site.yml"
for command in capabilities list checks rules lint; do
    "$hvprobe" $command --rules "$work/layer" --root $host >"$work/out" 2>&1
    [ "$(grep -c '90-site.yml' "$work/out")" = 1 ]
    result $? "a file that is not read is named once: $command"
done
rm "$work/layer/90-site.yml"
for part in "paths: {emulater: {any: [/opt/x]}}|'emulator'" "facts: {emulatr: {file: /x}}|'emulator'" "tables: {aliass: {a: b}}|'alias'"; do
    printf 'extends: qemu\n%s\n' "${part%|*}" >"$work/layer/90-site.yaml"
    says "misspelt in an overlay: ${part%|*}" 0 "did you mean ${part#*|}" "$hvprobe" list --rules "$work/layer" --root $host
    says "misspelt in an overlay, by lint: ${part%|*}" 0 "did you mean ${part#*|}" "$hvprobe" lint "$work/layer/90-site.yaml"
done
printf 'extends: qemu\nfacts: {emulatr: {file: /x}}\navailable: emulatr\n' >"$work/layer/90-site.yaml"
says 'not so what the overlay uses' 0 '!did you mean' "$hvprobe" list --rules "$work/layer" --root $host
rm "$work/layer/90-site.yaml"
ln -s /dev/null "$work/layer/kqemu.yaml"
for command in "rules kqemu" "explain kqemu" "checks kqemu"; do
    # shellcheck disable=SC2086
    says "masked: $command" 2 "the rule 'kqemu' is masked by $work/layer/kqemu.yaml" "$hvprobe" $command --rules "$work/layer" --root $host
done
rm "$work/layer/kqemu.yaml"
ln -s /dev/null "$work/layer/zvm.yaml"
says 'masked: --driver' 2 "the driver 'zvm' is masked by $work/layer/zvm.yaml" "$hvprobe" --driver zvm --rules "$work/layer" --root $host

# What nobody looked at is unknown, not absent.
mkdir "$work/host"
cat >"$work/host/snapshot.yaml" <<'YAML'
hvprobe-snapshot: 1
uname: {sysname: Linux, release: 6.1.0, machine: x86_64}
unread: [/proc, /sys]
unasked: [cpuid, exec]
files: {/proc/sys/kernel/osrelease: "6.1.0\n"}
YAML
"$hvprobe" checks kvm lxc --snapshot "$work/host" >"$work/out" 2>"$work/err"
grep -q '^UNKNOWN.* kvm .*virtualisation extensions' "$work/out" && grep -q '^UNKNOWN.*namespace mnt' "$work/out" && ! grep -qE 'firmware setup|CONFIG_' "$work/out"
result $? 'unread and unasked are unknown'
sed -i '/^un[ar]/d' "$work/host/snapshot.yaml"
says 'without cpuid: it was not asked' 0 'cpuid leaf 0x40000000: cannot be known from' "$hvprobe" explain vm --snapshot "$work/host"
echo 'cpuid: []' >>"$work/host/snapshot.yaml"
says 'cpuid: [] says that it was' 0 '!cannot be known from' "$hvprobe" explain vm --snapshot "$work/host"
sed -i 's/^cpuid.*/unasked: [cpuidd]/' "$work/host/snapshot.yaml"
says 'unasked takes sections' 4 "cpuid" "$hvprobe" checks kvm --snapshot "$work/host"
if unshare -rm true 2>/dev/null; then
    mkdir "$work/empty"
    unshare -rm sh -c "mount --bind '$work/empty' /proc && exec '$hvprobe' checks lxc" >"$work/out" 2>"$work/err"
    grep -q '^UNKNOWN.*namespace mnt' "$work/out" && ! grep -q 'CONFIG_' "$work/out"
    result $? 'without /proc namespaces are unknown'
fi
exit $status
