#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""compare.py FACTS VERSION MACHINES.json: `hvprobe machines --format json` against what the programs of that version said."""
import json
import sys


def recorded(path, version):
    """The machines, aliases, deprecated machines and default of each program."""
    programs = {}
    for line in open(path):
        words = line.split()
        if not words or words[0] == "#" or not (words[0] + ".").startswith(version + "."):
            continue
        plain = [word for word in words[2:] if "=" not in word]
        programs[words[1]] = {
            "machine": {word.strip("!*") for word in plain},
            "alias": {word for word in words[2:] if "=" in word},
            "deprecated machine": {word.strip("!*") for word in plain if "!" in word},
            "default": {word.strip("!*") for word in plain if "*" in word},
        }
    return programs


def found(machines):
    """The same, by program and architecture: some play two."""
    programs = {}
    for row in machines:
        name = row["machine"]
        if row["os_type"] != "hvm":
            continue
        facts = programs.setdefault((row["emulator"].rpartition("/")[2], row["arch"]),
                                    {"machine": set(), "alias": set(), "deprecated machine": set(), "default": set()})
        facts["alias" if "canonical" in row else "machine"].add(name + "=" + row["canonical"] if "canonical" in row else name)
        if row.get("deprecated") == "yes":
            facts["deprecated machine"].add(name)
        if row.get("default") == "yes":
            facts["default"].add(name)
    return programs


def main():
    facts, version, path = sys.argv[1:]
    programs, answers, bad = recorded(facts, version), found(json.load(open(path))), 0
    for program in sorted(programs.keys() - {name for name, _ in answers}):
        bad += 1
        print(f"not ok releases: qemu {version} {program}: its machines are not found")
    for (program, arch), answer in sorted(answers.items()):
        if program not in programs:
            continue
        for kind, want in programs[program].items():
            missing, false = sorted(want - answer[kind]), sorted(answer[kind] - want)
            name = f"releases: qemu {version} {program} ({arch}): {len(want)} {kind}{'' if len(want) == 1 else 's' if kind != 'alias' else 'es'}"
            print(f"not ok {name}, missing {missing}, false {false}" if missing or false else f"ok {name}")
            bad += bool(missing or false)
    return 1 if bad or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
