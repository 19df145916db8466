#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# integrations.sh BINARY: what other tools get, without these tools (tests/clients/integrations.sh has them): form and names.
set -u
. "$(dirname "$0")/../results.sh"
library=$(dirname "$binary")/libhvprobe.so.0
this_tree
host=(--snapshot tests/rules/kvm/x86_64/snapshot)

"$binary" "${host[@]}" list --format nfd >"$work/nfd"
check 'a label for a domain type' grep -qx 'hvprobe.domain-kvm=true' "$work/nfd"
check 'and one with its architecture' grep -qx 'hvprobe.kvm-x86_64=true' "$work/nfd"
check 'labels are what Kubernetes takes' none <(grep -vE '^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?=[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$' "$work/nfd")
"$binary" "${host[@]}" list --format prometheus >"$work/metrics"
check 'a metric for a domain type' grep -qF 'hvprobe_domain{os_type="hvm",arch="x86_64",domain="kvm",driver="qemu",emulator="/usr/bin/qemu-system-x86_64"} 1' "$work/metrics"
"$binary" "${host[@]}" checks --format prometheus >"$work/metrics"
check 'a metric for a check' grep -q '^hvprobe_check{rule="qemu",check="tun",title=".*",result="fail"} 1$' "$work/metrics"

# The programs that put them together, with a hvprobe that answers for that host.
mkdir "$work/bin"
printf '#!/bin/sh\nexec %s --snapshot %s "$@"\n' "$binary" "$PWD/${host[1]}" >"$work/bin/hvprobe"
chmod +x "$work/bin/hvprobe"
with() { PATH=$work/bin:$PATH "$@"; }
if can 'facts are mappings' jq; then
    is "Ansible's fact is a mapping" '["qemu","kvm"]' "$(with engine/integrations/ansible/facts.d/hvprobe.fact | jq -c .domain_types)"
    is "facter's has all below its name" '["hvprobe"] x86_64' "$(with engine/integrations/facter/hvprobe | jq -cr '"\(keys) \(.hvprobe.arch)"')"
fi
is 'labels are there once' '' "$(with engine/integrations/kubernetes/hvprobe | sort | uniq -d)"
with engine/integrations/prometheus/hvprobe-textfile "$work/hvprobe.prom"
result $? 'a failed check is no failure of the metrics'
check 'all metrics are in one file' grep -q ^hvprobe_check "$work/hvprobe.prom"
printf '#!/bin/sh\nexit 4\n' >"$work/bin/hvprobe"
for program in ansible/facts.d/hvprobe.fact facter/hvprobe kubernetes/hvprobe prometheus/hvprobe-textfile; do
    said=$(with "engine/integrations/$program")
    [ $? = 4 ] && [ -z "$said" ]
    result $? "${program##*/} of ${program%%/*} says nothing where hvprobe cannot"
done
cp "$work/hvprobe.prom" "$work/before"
with engine/integrations/prometheus/hvprobe-textfile "$work/hvprobe.prom"
check 'and metrics stay as they were' cmp -s "$work/hvprobe.prom" "$work/before"
check 'without a rest' test -z "$(find "$work" -name 'hvprobe.prom.*')"

ln -sf "$binary" "$work/bin/hvprobe"
uri=$(with engine/integrations/virtinst/hvprobe-virtinst -o "$work/it's here" --snapshot tests/rules/domcaps/kvm/snapshot)
is 'a URI of the test connection' "__virtinst_test__test:///default,predictable,fakeuri=qemu:///system,caps=$work/it's here/capabilities.xml,domcaps=$work/it's here/domcapabilities.xml" "$uri"
check 'with capabilities' "$binary" validate "$work/it's here/capabilities.xml"
check 'and domain capabilities' grep -q '<domainCapabilities>' "$work/it's here/domcapabilities.xml"
check 'where the emulator tells nothing there are capabilities alone' grep -q 'caps=[^,]*capabilities.xml$' <<<"$(with engine/integrations/virtinst/hvprobe-virtinst "${host[@]}" 2>/dev/null)"
says 'other options are refused' 2 usage: with engine/integrations/virtinst/hvprobe-virtinst --nonsense
says 'a host that is not there is no URI' 4 'does not exist' with engine/integrations/virtinst/hvprobe-virtinst --snapshot "$work/none"

can 'Python' python3 || exit $status
nm -D "$library" | grep -q __asan_init && exit $status # only a program with sanitizers can load it
cat >"$work/try.py" <<'PY'
import hvprobe, json, sys, warnings
options = hvprobe.Options(snapshot=sys.argv[1])
def ok(name, good): print(("ok" if good else "not ok") + " integrations: " + name)
def fails(status, call):
    try:
        call()
    except hvprobe.Error as error:
        return error.status == status and str(error)
    return False
xml = hvprobe.document("capabilities", options=options)
ok("Python: a document", xml.startswith("<capabilities>"))
ok("Python: it is valid", hvprobe.validate(xml) is None)
ok("Python: what is not is told", "expected: host, guest" in hvprobe.validate("<capabilities><x/></capabilities>"))
ok("Python: JSON", json.loads(hvprobe.document("facts", "json", options))["domain_types"] == ["qemu", "kvm"])
ok("Python: no such document", fails(hvprobe.Status.USAGE, lambda: hvprobe.document("nope", options=options)))
ok("Python: no such snapshot", fails(hvprobe.Status.NO_ROOT, lambda: hvprobe.document("facts", options=hvprobe.Options(snapshot="/nope"))))
ok("Python: no such option", fails(hvprobe.Status.USAGE, lambda: hvprobe.Options(snapshots="x")))
ok("Python: a bad parameter", fails(hvprobe.Status.USAGE, lambda: hvprobe.Options(parameter="x")))
ok("Python: several values", hvprobe.Options(driver=["qemu", "kvm"], parameter={"name": "x"}, trace=True, lint=False) is not None)
with hvprobe.Rules() as rules:
    ok("Python: rules", "kvm" in rules.ids() and "qemu" in rules.drivers() and "detect" in rules.documents())
    ok("Python: a rule", rules.show("kvm").startswith("rule: kvm"))
    ok("Python: a machine in words", "Q35" in rules.machine_description("q35", "de"))
    ok("Python: no such machine", rules.machine_description("nonsense-machine") is None)
    ok("Python: nothing is wrong", list(rules.problems()) == [])
    with hvprobe.Probe(rules, hvprobe.Options(snapshot=sys.argv[1], trace=True)) as probe:
        ok("Python: a value", probe.value("capabilities", "count(//guest)") == "3")
        ok("Python: why", "kvm" in probe.explain("kvm"))
    ok("Python: closed is closed", fails(hvprobe.Status.USAGE, lambda: probe.document()))
broken = hvprobe.Options(rules=sys.argv[2])
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    with hvprobe.Rules(broken) as rules:
        problem = next(rules.problems())
ok("Python: a broken rule is a warning", len(caught) == 1 and issubclass(caught[0].category, hvprobe.BrokenRuleWarning))
ok("Python: and told with its place", problem.severity == "error" and problem.file.endswith("broken.yaml") and problem.line == 1)
ok("Python: strict, it is an error", fails(hvprobe.Status.BROKEN_RULE, lambda: hvprobe.Rules(hvprobe.Options(rules=sys.argv[2], strict=True))))
PY
mkdir "$work/rules" && echo 'rule: [broken]' >"$work/rules/broken.yaml"
said=$(HVPROBE_LIBRARY=$library PYTHONPATH=engine/integrations/python PYTHONDONTWRITEBYTECODE=1 python3 "$work/try.py" "${host[1]}" "$work/rules" 2>&1)
result $? 'Python can use the library'
printf '%s\n' "$said"
grep -q '^not ok' <<<"$said" && status=1
exit $status
