#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""nova_choices.py FILE...: what Nova's own classes read from each capabilities document, a line each: FILE, architecture, uuid,
processor model, sockets/cores/threads, cells, domain type, machine. Empty: it is not there."""
import sys

from nova import config as nova_config
from nova.virt.libvirt import config, utils

nova_config.parse_args(["nova", "--config-file", "/dev/null"], configure_db=False, init_rpc=False)


def choose(text):
    caps = config.LibvirtConfigCaps()
    caps.parse_str(text)
    host, cpu = caps.host, caps.host.cpu
    topology = f"{cpu.sockets}/{cpu.cores}/{cpu.threads}" if cpu and cpu.sockets and cpu.cores and cpu.threads else ""
    cells = len(host.topology.cells) if host.topology and host.topology.cells else ""
    arch = cpu.arch if cpu else None
    guests = [g for g in caps.guests if g.arch == arch and g.ostype == "hvm"]
    kind = next((name for name in ("kvm", "qemu") for g in guests if name in g.domains), "")
    machine = utils.get_default_machine_type(arch) if kind else None
    listed = [m for g in guests if kind in g.domains for m in list(g.domains[kind].machines) + list(g.domains[kind].aliases)]
    if machine and machine not in listed:
        machine += " is not there"
    return [arch, host.uuid, cpu.model if cpu else "", topology, cells, kind, machine]


for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        try:
            print("\t".join([path] + [str(word or "") for word in choose(file.read())]))
        except Exception as error:  # pylint: disable=broad-except
            print("\t".join([path, "-", str(error).splitlines()[0]]))
