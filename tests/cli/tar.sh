#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# tar.sh BINARY: snapshots in one file, written and read, and archives that mean harm.
set -u
. "$(dirname "$0")/../results.sh"
this_tree
host=$PWD/tests/rules/qemu/elf-arm-interfaces/root
answer() { "$binary" --arch aarch64 "$@" 2>&1; }
cd "$work" || exit 2

# What was written, in each compression, says what the folder says; so does what tar makes of the folder.
answer --root "$host" capture -o folder >/dev/null
answer --root "$host" capture -o whole --whole >/dev/null
same() { # NAME FILE [COMMAND]: it gives the same document, byte for byte, but for its own name
    [ -e "folder-${3-}" ] || answer --snapshot folder ${3-} >"folder-${3-}"
    answer --snapshot "$2" ${3-} | sed "s/known from ${2//\//.}  /known from folder  /" >file.txt
    if cmp -s "folder-${3-}" file.txt; then ok "$1"; else not_ok "$1" "$(diff "folder-${3-}" file.txt)"; fi
}
for suffix in tar tar.gz tar.xz tar.zst; do
    says "capture -o FILE.$suffix" 0 "written: host.$suffix" answer --root "$host" capture -o "host.$suffix"
    same "$suffix says what the folder says" "host.$suffix"
done
for command in checks detect 'explain qemu'; do same "$command does, too" host.tar.zst "$command"; done
is 'it is compressed as its name says' '28b52ffd fd377a58 1f8b08' "$(for suffix in zst xz; do head -c 4 host.tar.$suffix | od -An -tx1 | tr -d ' \n'; echo -n ' '; done; head -c 3 host.tar.gz | od -An -tx1 | tr -d ' \n')"
answer --root "$host" capture -o - >standard.tar
same 'capture -o - writes a tar to standard output' standard.tar
is 'tar sees the files of the folder in it' "$(cd folder && find . -type f -o -type l | sed 's|^\./||' | sort)" "$(tar tf standard.tar | grep -v '/$' | sort)"
is 'nothing else is left' '' "$(ls -A | grep tmp)"
for options in '-C folder .' '-C folder snapshot.yaml root' 'folder' '--format=ustar ./folder' '--format=pax -S folder'; do
    # shellcheck disable=SC2086
    tar cf made.tar $options
    same "tar $options" made.tar
done
cat host.tar.zst | answer --snapshot - >piped.txt
check '--snapshot - reads standard input' cmp -s folder- piped.txt
answer --snapshot host.tar.xz capture -o again.tar >/dev/null
same 'a snapshot of an archive' again.tar
answer --root "$host" capture -o whole.tar.zst --whole >/dev/null
same 'an archive of whole programs' whole.tar.zst
cp -r whole sparse && truncate -s 200M sparse/root/usr/bin/qemu-system-aarch64
tar cSf sparse.tar sparse
sparse=$(answer --snapshot sparse capabilities)
is 'holes stay holes' "$sparse" "$(answer --snapshot sparse.tar capabilities)"
answer --snapshot sparse.tar capture -o sparse.tar.gz --whole >/dev/null
is 'in what is written, too' "$sparse" "$(answer --snapshot sparse.tar.gz capabilities)"

# A file system in a tar file, such as support tools collect, is a root.
tar czf image.tgz -C "$host" . && tar cf report.tar --transform 's|^\.|report-host|' -C "$host" .
for command in capabilities checks; do
    wanted=$(answer --root "$host" $command)
    is "--root FILE.tgz: $command" "$wanted" "$(answer --root image.tgz $command)"
    is "--root of a tar with a folder around it: $command" "$wanted" "$(answer --root report.tar $command)"
done
says '--root of another file' 4 'cannot be read as a tar file' answer --root piped.txt

# What cannot be written is said, and nothing is left.
says 'an unknown compression' 2 '.tar.zst' answer capture -o host.tar.foo
says 'no such directory' 5 'No such file or directory' answer --root "$host" capture -o none/host.tar
# libarchive 3.6 keeps its buffer when the last write fails.
says 'a full disk' 5 'No space left on device' env ASAN_OPTIONS=detect_leaks=0 bash -c "$(printf '%q ' "$binary" --root "$host" capture -o -) >/dev/full"
is 'no half file' '' "$(ls -A | grep -E 'foo|tmp')"

# Archives of others: links, repeated names, things in the way.
mkdir -p odd/root/etc
printf 'hvprobe-snapshot: 1\nuname: {sysname: Linux, nodename: odd, release: "1", version: "1", machine: x86_64}\n' >odd/snapshot.yaml
printf 'ID=first\n' >odd/root/etc/os-release
mkdir rules && cat >rules/system.yaml <<'R'
rule: system
title: What a file says
document: checks
facts:
  is: {file: /etc/os-release, match: '(?<id>ID=.*)'}
  device: {file: /dev/thing}
checks:
  - {name: is, expect: is, title: '${is.id}', otherwise: fail}
  - {name: device, expect: device, title: there is a device, otherwise: fail}
R
asks() { HVPROBE_RULES=$work/rules "$binary" --snapshot "$1" checks 2>&1; }
tar cf odd.tar -C odd .
says 'a plain one' 1 'ID=first' asks odd.tar
printf 'ID=second\n' >odd/root/etc/os-release
tar rf odd.tar -C odd ./root/etc/os-release
says 'of repeated names the last counts' 1 'ID=second' asks odd.tar
mv odd/root/etc/os-release odd/root/etc/other && ln odd/root/etc/other odd/root/etc/os-release
tar cf odd.tar -C odd snapshot.yaml root
says 'hard links' 1 'ID=second' asks odd.tar
ln -sf ../../../../etc/other odd/root/etc/os-release
tar cf odd.tar -C odd snapshot.yaml root
says 'links are followed within the archive only' 1 'ID=second' asks odd.tar
ln -sf "$work/odd/root/etc/other" odd/root/etc/os-release
tar cf odd.tar -C odd snapshot.yaml root
says 'and never out of it' 1 '!ID=' asks odd.tar
mkdir odd/root/dev && mkfifo odd/root/dev/thing
tar cf odd.tar -C odd snapshot.yaml root
says 'what is no file, directory or link is unknown' 1 'UNKNOWN system there is a device' asks odd.tar
rm -r odd/root/dev

refused() { # NAME TEXT FILE
    says "$1 is refused" 4 "$2" timeout 60 "$binary" --snapshot "$3" capabilities
}
tar cPf bad.tar odd/snapshot.yaml "$work/odd/root/etc/other"
refused 'an absolute name' absolute bad.tar
tar cPf bad.tar odd/snapshot.yaml odd/root/../root/etc/other
refused 'a name with ..' "'..'" bad.tar
tar cf bad.tar --transform 's|^odd/root/etc$|x|;s|odd/root/etc/other|odd/root/etc/other|' -C . odd/snapshot.yaml
mkdir -p file/root && echo x >file/root/etc && tar rf bad.tar --transform 's|^file|odd|' file/root/etc && tar rf bad.tar odd/root/etc/other
refused 'a file below a file' 'below what is no directory' bad.tar
mkdir one && cp -r odd one/a && cp -r odd one/b && tar cf bad.tar -C one a b
refused 'an archive of two snapshots' 'more than one snapshot' bad.tar
tar cf bad.tar -C odd root
refused 'an archive without one' 'no snapshot.yaml' bad.tar
head -c 300 host.tar.zst >bad.tar
refused 'a cut one' 'cannot be read' bad.tar
: >bad.tar
refused 'an empty file' bad.tar: bad.tar
echo 'no archive' >bad.tar
refused 'another file' 'Unrecognized archive format' bad.tar
refused 'a device' 'neither a directory nor a tar file' /dev/null
cp -r odd big && truncate -s 257M big/root/zeros && tar c big | gzip -1 >bad.tar.gz && rm -r big
refused 'more than 256 MiB' 'more than the 256 MiB' bad.tar.gz
python3 - 2>"$work/err" <<'P'
import io, tarfile
with tarfile.open("bad.tar.gz", "w:gz", compresslevel=1, format=tarfile.USTAR_FORMAT) as archive:
    info = tarfile.TarInfo("a/root/x")
    block = b"".join(tarfile.TarInfo(f"a/root/{i}").tobuf(tarfile.USTAR_FORMAT) for i in range(2000))
    for i in range(101):
        archive.fileobj.write(block)
P
refused 'more than 200,000 items' 'more than the 200000 items' bad.tar.gz

library=$(readelf -p .note.dlopen "$binary" | grep -oE 'libarchive\.so\.[0-9]+')
mkdir none && echo 'no library' >"none/$library"
says 'without libarchive it cannot be read' 5 "$library cannot be loaded" env LD_LIBRARY_PATH="$work/none" "$binary" --snapshot host.tar
says 'nor written' 5 "$library cannot be loaded" env LD_LIBRARY_PATH="$work/none" "$binary" capture -o new.tar
says 'folders need none' 0 '<capabilities>' env LD_LIBRARY_PATH="$work/none" "$binary" --snapshot folder
exit $status
