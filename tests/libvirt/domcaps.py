#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""domcaps.py THEIRS OURS: counts the pairs of path and value of two domain capabilities documents, and says which differ. Left out is what
only a running emulator or the processor tells: what host-model is, what is usable, deprecated or blocked, hyperv, and the most
processors of KVM."""
import sys
import xml.etree.ElementTree as ElementTree

LEFT_OUT = {"hyperv", "blockers"}
NAMED = {"enum", "mode"}


def pairs(path):
    found = set()

    def walk(element, above):
        name, attributes = element.attrib.get("name"), dict(element.attrib)
        place = f"{above}/{element.tag}"
        if element.tag in NAMED:
            place += f"[{attributes.pop('name')}]"
        if element.tag in LEFT_OUT or (element.tag == "mode" and name == "host-model"):
            return
        text = (element.text or "").strip()
        if element.tag == "model":
            place += f"[{text}]"
        found.add(place)
        for key in attributes.keys() - {"usable", "deprecated"}:
            found.add(f"{place}@{key}={attributes[key]}")
        if text:
            found.add(f"{place}={text}")
        for child in element:
            walk(child, place)

    root = ElementTree.parse(path).getroot()
    if root.findtext("domain") == "kvm":
        LEFT_OUT.add("vcpu")
    walk(root, "")
    return found


theirs, ours = map(pairs, sys.argv[1:3])
missing, more = sorted(theirs - ours), sorted(ours - theirs)
print(f"{len(theirs)} pairs, {len(missing)} missing, {len(more)} more")
print("\n".join([f"  - {pair}" for pair in missing] + [f"  + {pair}" for pair in more]))
sys.exit(len(missing) * 100 > len(theirs) or len(more) * 1000 > 5 * len(theirs))
