#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# sshd.sh BINARY: --host and the script over a real sshd on loopback, with keys, known hosts and configuration of its own: with and
# without an hvprobe there, as root and as somebody else.
set -u
. "$(dirname "$0")/../results.sh"
[ "$(id -u)" != 0 ] || sh tests/install-packages.sh remote
this_tree
topic=remote
can 'all of it' /usr/sbin/sshd || exit 0
can_be_root 'all of it' || exit 0
chmod 755 "$work"
server=''
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
ssh-keygen -q -t ed25519 -N '' -f "$work/host" && ssh-keygen -q -t ed25519 -N '' -f "$work/key" || exit 2
port=$((20000 + $$ % 20000))
install -Dm644 "$work/key.pub" "$work/keys/authorized"
cat >"$work/sshd_config" <<CONFIG
Port $port
ListenAddress 127.0.0.1
HostKey $work/host
PidFile none
UsePAM no
StrictModes no
AuthorizedKeysFile $work/keys/authorized
PermitRootLogin yes
PasswordAuthentication no
SetEnv PATH=$work/path:/usr/local/bin:/usr/bin:/bin TMPDIR=$work/tmp
CONFIG
mkdir -p /run/sshd "$work/bin" "$work/path" && mkdir -m 1777 "$work/tmp"
/usr/sbin/sshd -D -f "$work/sshd_config" -E "$work/sshd.log" &
server=$!
cat >"$work/config" <<CONFIG
Host loopback
    HostName 127.0.0.1
    Port $port
Host *
    IdentityFile $work/key
    IdentitiesOnly yes
    UserKnownHostsFile $work/known
CONFIG
printf '[127.0.0.1]:%s %s\n' "$port" "$(cat "$work/host.pub")" >"$work/known"
printf '#!/bin/sh\nexec /usr/bin/ssh -F %s "$@"\n' "$work/config" >"$work/bin/ssh"
chmod +x "$work/bin/ssh"
export PATH=$work/bin:$PATH
for _ in 1 2 3 4 5 6 7 8 9 10; do ssh root@loopback true 2>/dev/null && break; sleep 0.3; done

is 'without hvprobe there the answer is the same' "$("$binary" list 2>/dev/null)" "$("$binary" --host ssh://root@loopback list 2>"$work/err")"
is 'and nothing is left there' '' "$(ls -A "$work/tmp")"
is 'a port may be given' "$("$binary" machines 2>/dev/null)" "$("$binary" --host "qemu+ssh://root@127.0.0.1:$port/system" machines 2>/dev/null)"
printf '#!/bin/sh\nHVPROBE_RULES=%s HVPROBE_SCHEMAS=%s HVPROBE_CACHE= exec %s "$@"\n' "$PWD/rules" "$PWD/schemas" "$binary" >"$work/path/hvprobe"
chmod +x "$work/path/hvprobe"
is 'with hvprobe there it is the same, CPUID and devices too' "$("$binary" capabilities 2>/dev/null)$("$binary" detect 2>/dev/null)" \
    "$("$binary" --host ssh://root@loopback capabilities 2>/dev/null)$("$binary" --host ssh://root@loopback detect 2>/dev/null)"
rm "$work/path/hvprobe"
for shell in dash 'busybox sh'; do
    can "the script by hand, in $shell" "${shell%% *}" || continue
    "$binary" capture --script | ssh root@loopback "$shell -s" >"$work/host.tar" 2>"$work/err"
    is "the script by hand, in $shell" "$("$binary" list 2>/dev/null)" "$("$binary" --snapshot "$work/host.tar" list 2>/dev/null)"
done
# nobody's shell is none; ssh takes another for this test only from a passwd of its own, so that a user is another process' here
says 'an account without a shell is status 4' 4 'hvprobe:' "$binary" --host ssh://nobody@loopback list
says 'a key that is not taken is status 4' 4 'Permission denied' env "$binary" --host ssh://daemon-nobody-knows@loopback list
: >"$work/known"
says 'a host that is not known is status 4' 4 'Host key verification failed' "$binary" --host ssh://root@loopback list
says 'a port where nobody listens is status 4' 4 'Connection refused' "$binary" --host ssh://root@127.0.0.1:1 list
exit $status
