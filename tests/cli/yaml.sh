#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# yaml.sh HVPROBE: a second YAML parser reads all shipped rules to the same data, and all views, cases and snapshots, so that nothing
# is bent for ours. Values are compared as texts, as YAML 1.1 and 1.2 differ in which of them are numbers.
set -u
. "$(dirname "$0")/../results.sh"
hvprobe=$(realpath "$1")
export HVPROBE_CACHE=
unset HVPROBE_RULES HVPROBE_SCHEMAS

if ! python3 -c 'import yaml' 2>/dev/null; then
    not_ok "python3 has no module yaml: tests/install-packages.sh check installs it"
    exit 1
fi
python3 - "$hvprobe" <<'END'
import glob, subprocess, sys
import yaml

loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
failed = False

def result(name, wrong):
    global failed
    failed |= bool(wrong)
    print("not ok" if wrong else "ok", "yaml:", name)
    for line in wrong[:10]:
        print("   ", line)

def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=loader)

def wrong_files(paths, keys):
    wrong = [] if paths else ["no files"]
    for path in paths:
        try:
            missing = [key for key in keys if key not in read(path)]
            wrong += [f"{path}: no {key}" for key in missing]
        except yaml.YAMLError as error:
            wrong.append(f"{path}: {error}".replace("\n", " "))
    return wrong

def differing(paths):
    ours = subprocess.run([sys.argv[1], "rules", "cat"], stdout=subprocess.PIPE, check=True).stdout
    ours = {rule["rule"]: rule for rule in yaml.load_all(ours, Loader=loader)}
    theirs = {rule["rule"]: rule for rule in map(read, paths)}
    return sorted(set(ours) ^ set(theirs)) + [f"{name} differs" for name in theirs if theirs[name] != ours.get(name)]

rules = glob.glob("rules/**/*.yaml", recursive=True)
result("every rule is YAML", wrong_files(rules, ["rule", "title"]))
result("rules have the same data for both", differing(rules))
result("every view is YAML", wrong_files(glob.glob("schemas/views/*.yaml"), ["view", "document", "help"]))
result("every test case is YAML", wrong_files(glob.glob("tests/rules/*/*/case.yaml"), []))
result("every snapshot is YAML", wrong_files(glob.glob("tests/**/snapshot.yaml", recursive=True), ["hvprobe-snapshot"]))
sys.exit(failed)
END
exit
