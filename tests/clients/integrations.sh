#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# integrations.sh BINARY: the files of engine/integrations/ as they are installed, each by the program that they are for.
set -u
. "$(dirname "$0")/../results.sh"
[ "$(id -u)" != 0 ] || sh tests/install-packages.sh clients
build=$(dirname "$binary")
host=$PWD/tests/rules/kvm/x86_64/snapshot

make -s -o all B="$build" DESTDIR="$work/root" prefix=/usr install >"$work/err" 2>&1
result $? 'make install puts them in place'
root=$work/root
export HVPROBE_RULES=$root/usr/share/hvprobe/rules HVPROBE_SCHEMAS=$root/usr/share/hvprobe/schemas HVPROBE_CACHE='' HVPROBE_LIBRARY=$root/usr/lib/libhvprobe.so.0
mkdir "$work/bin"
printf '#!/bin/sh\nexec %s/usr/bin/hvprobe --snapshot %s "$@"\n' "$root" "$host" >"$work/bin/hvprobe"
chmod +x "$work/bin/hvprobe"
export PATH=$work/bin:$root/usr/bin:$PATH

if can 'facter' facter; then
    facts=$(facter --external-dir "$root/etc/facter/facts.d" --json hvprobe 2>"$work/err")
    is 'facter: domain types' '["qemu","kvm"]' "$(jq -c .hvprobe.domain_types <<<"$facts")"
    is 'facter: a fact inside' x86_64 "$(facter --external-dir "$root/etc/facter/facts.d" hvprobe.arch 2>/dev/null)"
fi

if can 'promtool' promtool; then
    "$root/usr/share/hvprobe/integrations/hvprobe-textfile" "$work/hvprobe.prom"
    promtool check metrics <"$work/hvprobe.prom" >"$work/err" 2>&1
    result $? 'promtool has nothing against the metrics'
    number=0
    for directory in tests/rules/*/*/; do
        [ -d "$directory/snapshot" ] && [ $((number++ % 8)) = 0 ] || continue
        for view in list checks detect; do
            "$binary" --snapshot "$directory/snapshot" "$view" --format prometheus 2>/dev/null >"$work/metrics"
            promtool check metrics <"$work/metrics" >"$work/said" 2>&1 || { echo "$view of $directory:"; head -n 3 "$work/said"; }
        done
    done >"$work/all"
    [ ! -s "$work/all" ]
    result $? 'promtool has nothing against those of every eighth recorded host' 
    [ ! -s "$work/all" ] || head -n 20 "$work/all"
fi

"$root/usr/share/hvprobe/integrations/hvprobe-nfd" >"$work/labels"
check 'labels of nodes are at most 63 characters' none <(awk -F= '{ sub(/.*\//, "", $1); if (length($1) > 63 || length($2) > 63) print }' "$work/labels")

if can 'Ansible' ansible ansible-playbook; then
    export ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false ANSIBLE_LIBRARY=$root/usr/share/ansible/plugins/modules \
        ANSIBLE_ROLES_PATH=$root/usr/share/ansible/roles ANSIBLE_HOME=$work/ansible ANSIBLE_LOCAL_TEMP=$work/ansible/tmp ANSIBLE_REMOTE_TMP=$work/ansible/remote
    ansible localhost -c local -m hvprobe -e ansible_python_interpreter=/usr/bin/python3 >"$work/said" 2>&1
    result $? 'Ansible: the module by the program'
    is 'Ansible: what it returns' '["qemu","kvm"]' "$(sed '1s/.*=> //' "$work/said" | jq -c .ansible_facts.hvprobe.domain_types)"
    PYTHONPATH=$root/usr/lib/python3/dist-packages ansible localhost -c local -m hvprobe -a "document=capabilities snapshot=$host executable=none" \
        -e ansible_python_interpreter=/usr/bin/python3 >"$work/said" 2>&1
    result $? 'Ansible: the module by the library'
    is 'Ansible: what that returns' hvm "$(sed '1s/.*=> //' "$work/said" | jq -r '.hvprobe.guest[0].os_type')"
    ansible localhost -c local -m hvprobe -a "document=nonsense" -e ansible_python_interpreter=/usr/bin/python3 >"$work/said" 2>&1
    [ $? != 0 ] && grep -q "there is no" "$work/said"
    result $? 'Ansible: a document that is none fails, and says so'
    ansible localhost -c local -m setup -a "filter=ansible_local fact_path=$root/etc/ansible/facts.d" -e ansible_python_interpreter=/usr/bin/python3 >"$work/said" 2>&1
    is 'Ansible: the fact script' x86_64 "$(sed '1s/.*=> //' "$work/said" | jq -r .ansible_facts.ansible_local.hvprobe.arch)"
    ansible-doc -t module hvprobe >"$work/said" 2>&1
    result $? 'Ansible: the module is documented'
    cat >"$work/play.yml" <<'PLAY'
- hosts: all
  gather_facts: false
  roles: [hvprobe_capture]
- hosts: hvprobe_*
  gather_facts: false
  tasks:
    - ansible.builtin.copy: {content: "{{ groups | to_json }}", dest: "{{ hvprobe_capture_directory }}/groups"}
      run_once: true
      delegate_to: localhost
PLAY
    printf '[all]\none ansible_connection=local ansible_python_interpreter=/usr/bin/python3\ntwo ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n' >"$work/hosts"
    # The controller's own program, which asks the snapshot that the role took.
    ansible-playbook -i "$work/hosts" -e "hvprobe_capture_directory=$work/snapshots hvprobe_capture_program=$root/usr/bin/hvprobe" "$work/play.yml" >"$work/err" 2>&1
    result $? 'Ansible: the role takes snapshots'
    check 'Ansible: of each host' test -s "$work/snapshots/one.tar" -a -s "$work/snapshots/two.tar"
    is 'Ansible: they say what this host says' "$("$root/usr/bin/hvprobe" list 2>/dev/null)" "$("$root/usr/bin/hvprobe" --snapshot "$work/snapshots/two.tar" list 2>/dev/null)"
    types=$("$root/usr/bin/hvprobe" show facts --format json 2>/dev/null | jq -r '.domain_types // [] | .[]' | tr -c 'A-Za-z0-9_\n' _ | sort)
    is 'Ansible: a group for each domain type' "$types" "$([ ! -e "$work/snapshots/groups" ] || jq -r 'keys[] | select(startswith("hvprobe_")) | ltrimstr("hvprobe_")' "$work/snapshots/groups" | sort)"
fi

if can 'Python, found where it is installed' python3; then
    is 'Python, found where it is installed' 0.1.0 "$(PYTHONPATH=$root/usr/lib/python3/dist-packages python3 -c 'import hvprobe; print(hvprobe.version())')"
fi

if can 'virt-install with our documents' virt-install; then
    uri=$("$root/usr/bin/hvprobe-virtinst" -o "$work/documents")
    made=$(virt-install --connect "$uri" --name first --memory 512 --disk none --boot network --osinfo detect=off,require=off --print-xml 2>"$work/err")
    is 'virt-install with our documents' 'kvm /usr/bin/qemu-system-x86_64' "$(xmllint --xpath 'concat(/domain/@type, " ", /domain/devices/emulator)' - <<<"$made")"
    uri=$(PATH=$root/usr/bin:${PATH#*:} hvprobe-virtinst -o "$work/documents" --snapshot "$PWD/tests/rules/domcaps/kvm/snapshot")
    check 'with domain capabilities, too' grep -q ',domcaps=' <<<"$uri"
    virt-install --connect "$uri" --name first --memory 512 --disk none --boot uefi --osinfo detect=off,require=off --print-xml >"$work/said" 2>&1
    [ $? = 0 ] || grep -qi 'uefi' "$work/said"
    result $? 'which virt-install reads'
fi

if can 'systemd' systemd-analyze; then
    for unit in hvprobe.service hvprobe.timer; do
        check "systemd: $unit has no marks left" test -z "$(grep -n @ "$root/usr/lib/systemd/system/$unit")"
        systemd-analyze verify --root="$root" "/usr/lib/systemd/system/$unit" >"$work/said" 2>&1
        grep -q "^/.*hvprobe.*:[0-9]*: \|hvprobe\.[a-z]*:.*\(Unknown\|Failed to parse\|not executable\)" "$work/said"
        [ $? != 0 ]
        result $? "systemd: $unit is one"
    done
    check 'systemd: nothing is switched on' test -z "$(find "$root" -name '*.wants')"
fi
exit $status
