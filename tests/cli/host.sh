#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# host.sh BINARY: --host with an ssh that runs the shell here (tests/remote/ has a real one): what it is called with, what comes of
# what it answers, and that nothing in a URI becomes an option.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
mkdir "$work/bin" "$work/path" || exit 2
cat >"$work/bin/ssh" <<'SSH'
#!/bin/sh
printf '%s\n' "$@" >"$SAID"
case $ANSWER in
unreachable) echo 'ssh: connect to host h port 22: Connection refused' >&2 && exit 255 ;;
nothing) exit 0 ;;
wrong) echo 'This account is not available.' ;;
fails) cat >/dev/null; exit 7 ;;
closes) exec <&- && exit 255 ;;
*) PATH=$REMOTE:$PATH exec sh -s ;;
esac
SSH
chmod +x "$work/bin/ssh"
export SAID=$work/said REMOTE=$work/path ANSWER=''
asks() { PATH=$work/bin:$PATH "$binary" "$@"; }

# --- another host is like this one
asks --host qemu+ssh://root@h.example:2222/system list --format json >"$work/list" 2>"$work/err"
result $? 'another host is asked'
is 'it says what it is' "$("$binary" list --format json 2>/dev/null)" "$(cat "$work/list")"
is 'nobody says what the script left out' '' "$(grep 'left out' "$work/err")"
is 'ssh is called so' '-T -a -x -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=15 -p 2222 -l root -- h.example sh -s' \
    "$(tr '\n' ' ' <"$SAID" | sed 's/ $//')"
asks --host 'ssh://[fe80::1%eth0]' list >/dev/null 2>&1
is 'an address stands in brackets' '-- fe80::1%eth0 sh -s' "$(tail -n 3 "$SAID" | tr '\n' ' ' | sed 's/ $//')"

# --- from here on with one small rule, which is quicker
mkdir "$work/small"
printf '%s\n' 'rule: small' 'title: Small' 'facts: {a: {file: /etc/passwd}, leaf: {cpuid: 0}}' \
    "emit: [{when: a, at: \"guest[os_type='hvm'][arch/@name='x86_64']\", set: {arch/wordsize: '64', \"arch/domain[@type='small']\": {}}}]" >"$work/small/small.yaml"
export HVPROBE_RULES=$work/small

# --- an hvprobe there: used when it is the same, with the same rules
cat >"$work/path/hvprobe" <<'HV'
#!/bin/sh
echo "$*" >>"$REMOTE/asked"
exec "$BINARY" "$@"
HV
chmod +x "$work/path/hvprobe"
export BINARY=$binary
asks --host ssh://h explain small >"$work/explain" 2>/dev/null
is 'an hvprobe there is asked' 'capture -o -' "$(grep capture "$work/path/asked")"
check 'it knows also of the processor' grep -qE '^    leaf  *(yes|no)' "$work/explain"
: >"$work/path/asked"
mkdir "$work/rules" && printf 'rule: other\ntitle: Other\nfacts: {a: {file: /etc/passwd}}\navailable: a\n' >"$work/rules/other.yaml"
asks --rules "$work/rules" --host ssh://h list >/dev/null 2>&1
is 'with other rules here a script is used' '' "$(grep capture "$work/path/asked")"
: >"$work/path/asked"
asks --host ssh://h --exec list >/dev/null 2>&1
is 'programs are run there only with --exec' '--exec capture -o -' "$(grep capture "$work/path/asked")"
printf '#!/bin/sh\necho hvprobe 0.0.1\n' >"$work/path/hvprobe"
says 'another version is not used' 0 small asks --host ssh://h list
is 'equal rules have an equal digest' "$("$binary" rules --digest)" "$(cp -r "$work/small" "$work/copy" && HVPROBE_RULES=$work/copy "$binary" rules --digest)"
echo '# more' >>"$work/copy/small.yaml"
check 'others have another' test "$("$binary" rules --digest)" != "$(HVPROBE_RULES=$work/copy "$binary" rules --digest)"

# --- what goes wrong
ANSWER=unreachable
says 'a host that cannot be reached is status 4' 4 'ssh could not reach it' asks --host ssh://h list
says "with ssh's own message" 4 'Connection refused' asks --host ssh://h list
ANSWER=closes
says 'also one that does not listen' 4 'ssh could not reach it' asks --host ssh://h list
ANSWER=nothing
says 'one that says nothing, too' 4 'nothing came back' asks --host ssh://h list
ANSWER=fails
says 'one where it fails, too' 4 'ended with status 7' asks --host ssh://h list
ANSWER=wrong
says 'what is no snapshot is status 4' 4 'ssh://h' asks --host ssh://h list
ANSWER=''
printf '#!/bin/sh\nexit 1\n' >"$work/bin/tar" && chmod +x "$work/bin/tar"
says 'half of one, too' 4 'hvprobe:' asks --host ssh://h list
rm "$work/bin/tar"
mkdir "$work/empty"
says 'without ssh it is said' 4 'ssh cannot be started: it is not installed' env PATH="$work/empty" "$binary" --host ssh://h list

# --- URIs
rm -f "$SAID"
while read -r uri said; do
    says "$uri is refused" 2 "$said" asks --host "$uri" list
done <<'URIS'
h it should be ssh://[USER@]HOST[:PORT]
http://h it should be ssh://
qemu:///system it should be ssh://
ssh:// there is no host
ssh:///system there is no host
ssh://root@ there is no host
ssh://-oProxyCommand=touch does not begin with -
qemu+ssh://root@-h/system does not begin with -
ssh://-l@h does not begin with -
ssh://h;touch letters, digits
ssh://h$(touch) letters, digits
ssh://h`touch` letters, digits
ssh://h:0 a port is
ssh://h:70000 a port is
ssh://h:22x a port is
ssh://[::1 is not closed
URIS
says 'a root and a host exclude each other' 2 'excludes --root and --snapshot' asks --host ssh://h --root / list
says 'so do a snapshot and a host' 2 'excludes --root and --snapshot' asks --host ssh://h --snapshot tests/rules/kvm/x86_64/snapshot list
check 'ssh is not called for any of them' test ! -e "$SAID"
exit $status
