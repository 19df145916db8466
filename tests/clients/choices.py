#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""choices.py FILE...: what virtinst would make a guest of where nobody asks for anything, a line for each capabilities document:
FILE, type, os type, architecture, machine, emulator. '-' where it finds nothing, with its reason."""
import sys

sys.path.insert(0, "/usr/share/virt-manager")
import virtinst  # noqa: E402
from virtinst import cli  # noqa: E402


def choose(path):
    uri = f"__virtinst_test__test:///default,predictable,fakeuri=qemu:///system,caps={path}"
    guest = virtinst.Guest(cli.getConnection(uri))
    guest.set_capabilities_defaults()
    guest._set_default_machine()  # pylint: disable=protected-access
    return [guest.type, guest.os.os_type, guest.os.arch, guest.os.machine, guest.emulator]


for path in sys.argv[1:]:
    try:
        print("\t".join([path] + [word or "" for word in choose(path)]))
    except Exception as error:  # pylint: disable=broad-except
        print("\t".join([path, "-", str(error).splitlines()[0]]))
