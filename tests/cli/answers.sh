#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# answers.sh HVPROBE: one host, one answer, however it is asked for: the program without a cache, with a cold and a warm one, the
# library in one call and with rules that were loaded for all, with and without a trace for explain. Over all hosts of the fixtures.
set -u
. "$(dirname "$0")/../results.sh"
hvprobe=$binary
this_tree
export LC_ALL=C

# A rule whose first trace is not there, but the second of its paths is.
mkdir -p "$work/rules" "$work/host/usr/local/bin"
cat >"$work/rules/answers.yaml" <<'YAML'
rule: answers
title: "A title with a line
document: machines
"
traces: [/usr/bin/w]
paths: {w: {any: [/usr/bin/w, /usr/local/bin/w]}}
facts: {w: {path: w}}
available: w
checks: [{expect: w, title: w is there, otherwise: fail}]
emit: [{at: "guest[os_type='exe'][arch/@name='x86_64']", set: {arch/wordsize: '64', "arch/domain[@type='w']": }}]
YAML
printf '#!/bin/sh\n' >"$work/host/usr/local/bin/w"
chmod +x "$work/host/usr/local/bin/w"
said() { "$hvprobe" "$@" --rules "$work/rules" --root "$work/host" --arch x86_64 2>&1; }
says 'traces do not matter to list' 0 'exe     x86_64   64 w' said list
says 'nor to the document' 0 "<domain type='w'" said
says 'nor to explain' 0 'w ' said explain answers
says 'checks keep silent without a trace' 0 '!w is there' said checks
says 'but not where they are named' 0 'w is there' said checks answers
printf 'extends: answers\npaths: {w: {any: [/opt/w]}}\n' >"$work/rules/90-site.yaml"
says 'nor where a site changes the rule' 0 'w is there' said checks

case $(dirname "$hvprobe") in */asan) exit $status ;; esac # the library would need the sanitizer's before it
python3 - "$hvprobe" "$(dirname "$hvprobe")/libhvprobe.so" "$work/cache" <<'END'
import ctypes, glob, os, subprocess, sys

program, library, cache = sys.argv[1:]
hvp = ctypes.CDLL(library)
for name in ("hvp_options_new", "hvp_rules_load", "hvp_probe_new", "hvp_probe_document", "hvp_document", "hvp_capabilities"):
    getattr(hvp, name).restype = ctypes.c_void_p
ROOT, SNAPSHOT, TRACE, CACHE = 6, 7, 13, 14

def options(host, **more):
    made = ctypes.c_void_p(hvp.hvp_options_new())
    settings = [(SNAPSHOT if host.endswith("/snapshot") else ROOT, host)] + ([(TRACE, "yes")] if more.get("trace") else [])
    settings += [(CACHE, more["cache"])] if more.get("cache") else []
    for option, value in settings:
        assert hvp.hvp_options_set(made, option, value.encode(), None) == 0
    return made

def text(pointer):
    found = ctypes.string_at(pointer) if pointer else None
    hvp.hvp_free(ctypes.c_void_p(pointer))
    return found

def by_program(document, host, directory):
    words = {"capabilities": ["capabilities"], "detect": ["detect", "--format", "xml"], "checks": ["checks", "--format", "xml"]}
    where = "--snapshot" if host.endswith("/snapshot") else "--root"
    return subprocess.run([program] + words[document] + [where, host], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env={**os.environ, "HVPROBE_CACHE": directory}).stdout

def by_probe(rules, document, host, trace):
    made = options(host, trace=trace)
    probe = ctypes.c_void_p(hvp.hvp_probe_new(rules, made, None))
    found = text(hvp.hvp_probe_document(probe, document.encode(), None, None))
    hvp.hvp_probe_free(probe)
    hvp.hvp_options_free(made)
    return found

def in_one_call(document, host, directory=None):
    made = options(host, cache=directory)
    found = text(hvp.hvp_document(made, document.encode(), None))
    hvp.hvp_options_free(made)
    return found

rules = ctypes.c_void_p(hvp.hvp_rules_load(None, None))
hosts = sorted(glob.glob("tests/rules/*/*/root") + glob.glob("tests/rules/*/*/snapshot"))
different, asked = [], 0
for number, host in enumerate(hosts):
    for document in ["capabilities"] + ([["detect", "checks"][number // 4 % 2]] if number % 4 == 0 else []):
        first = by_probe(rules, document, host, False)
        answers = {"with a trace": by_probe(rules, document, host, True), "a program with a cache": by_program(document, host, cache),
                   "one call with a cache": in_one_call(document, host, cache)}
        if number % 8 == 0:
            answers["one call"] = in_one_call(document, host)
            answers["a program"] = by_program(document, host, "")
        asked += len(answers)
        different += [f"{host}: {document}: {how}" for how, answer in answers.items() if not first or answer != first]
print("not ok" if different or len(hosts) < 100 else "ok", f"answers: {asked} answers of {len(hosts)} hosts are one each")
for line in different[:20]:
    print("   ", line)
sys.exit(bool(different))
END
[ $? = 0 ] || status=1
exit $status
