#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# engines.sh BINARY: 2,000 hosts through batch in one process, on a Dask cluster of two workers, and by GNU parallel over two sshd's on
# this machine: the same lines. Times are printed after #.
set -u
. "$(dirname "$0")/../results.sh"
[ "$(id -u)" != 0 ] || sh tests/install-packages.sh fleet
top=$PWD
export HVPROBE_RULES=$top/rules HVPROBE_SCHEMAS=$top/schemas HVPROBE_CACHE=
daemons=
# shellcheck disable=SC2086
trap '[ -z "$daemons" ] || kill $daemons; rm -rf "$work"' EXIT
cd "$work" || exit 2

# Hosts of many kinds, each under many names.
mkdir base hosts
kinds=0
for root in "$top"/tests/rules/*/*/root "$top"/tests/rules/*/*/snapshot; do
    [ -d "$root" ] || continue
    case $root in
    */snapshot) cp -r "$root" base/$kinds ;;
    *) "$binary" --root "$root" capture -o base/$kinds 2>/dev/null || continue ;;
    esac
    kinds=$((kinds + 1))
done
for ((number = 0; number < 2000; number++)); do
    ln -s "../base/$((number % kinds))" "hosts/$number"
    echo "$work/hosts/$number"
done >names

took() { # NAME COMMAND...: a line about its time; its status
    local name=$1 start end code
    shift
    start=$(date +%s%N)
    "$@"
    code=$?
    end=$(date +%s%N)
    echo "# $name: $(((end - start) / 1000000)) ms"
    return $code
}
one() { "$binary" batch -j "$1" - <names >"lines.$1"; }
took 'one process, one thread' one 1
result $? "2000 hosts of $kinds kinds in one process"
took 'one process, two threads' one 2
check 'two threads write the same lines' cmp -s lines.1 lines.2
is 'a line a host' 2000 "$(wc -l <lines.1)"

if /usr/bin/python3 -c 'import distributed' 2>/dev/null; then
    took 'Dask, two workers' /usr/bin/python3 "$top/tests/fleet/on_dask.py" "$binary" names lines.dask 2>"$work/err" | sed 's/^[^#]/# &/'
    check 'a Dask cluster writes the same lines' cmp -s lines.1 lines.dask
else
    skip 'a Dask cluster' 'there is no python3-distributed'
fi

start_sshd() { # PORT
    cat >"sshd.$1" <<C
Port $1
ListenAddress 127.0.0.1
HostKey $work/host_key
AuthorizedKeysFile $work/key.pub
PidFile $work/sshd.$1.pid
StrictModes no
UsePAM no
PasswordAuthentication no
AcceptEnv HVPROBE_*
C
    /usr/sbin/sshd -f "$work/sshd.$1" 2>>"$work/err" || return 1
    for _ in $(seq 50); do [ -s "sshd.$1.pid" ] && break; sleep 0.1; done
    daemons="$daemons $(cat "sshd.$1.pid")"
}
over_ssh() {
    parallel --will-cite --keep-order --pipe -N 250 --plain -S "1/ssh -F $work/config one" -S "1/ssh -F $work/config two" \
        "env HVPROBE_RULES=$HVPROBE_RULES HVPROBE_SCHEMAS=$HVPROBE_SCHEMAS HVPROBE_CACHE= $binary batch -j 1 -" <names >lines.ssh 2>>"$work/err"
}
if ! command -v parallel >/dev/null || [ ! -x /usr/sbin/sshd ]; then
    skip 'GNU parallel over ssh' 'there is no parallel, or no sshd'
    exit $status
fi
ssh-keygen -q -t ed25519 -N '' -f host_key && ssh-keygen -q -t ed25519 -N '' -f key
[ -d /run/sshd ] || mkdir /run/sshd 2>/dev/null
for port in 22041 22042; do
    check "an sshd listens on port $port" start_sshd $port
done
cat >config <<C
Host one
    Port 22041
Host two
    Port 22042
Host *
    HostName 127.0.0.1
    IdentityFile $work/key
    IdentitiesOnly yes
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
    BatchMode yes
C
took 'GNU parallel over two sshd' over_ssh
result $? 'GNU parallel over two sshd'
check 'it writes the same lines' cmp -s lines.1 lines.ssh
exit $status
