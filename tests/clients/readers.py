#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""readers.py nova|glib|domcaps FILE...: reads capabilities documents as these clients do (domcaps: Nova, domain capabilities). "FILE<TAB>what was read", or "FILE<TAB>-<TAB>why not"."""
import sys


def nova(text):
    from nova.virt.libvirt import config

    caps = config.LibvirtConfigCaps()
    caps.parse_str(text)
    caps.to_xml()
    return [f"{g.ostype}/{g.arch}:{'+'.join(sorted(g.domains))}:{len(g.domains and next(iter(g.domains.values())).aliases)}" for g in caps.guests]


def glib(text):
    import gi

    gi.require_version("LibvirtGConfig", "1.0")
    from gi.repository import LibvirtGConfig

    caps = LibvirtGConfig.Capabilities.new_from_xml(text)
    return [f"{g.get_arch().get_name()}:{'+'.join(d.get_virt_type().value_nick for d in g.get_arch().get_domains())}" for g in caps.get_guests()]


def domcaps(text):
    from nova.virt.libvirt import config

    caps = config.LibvirtConfigDomainCaps()
    caps.parse_str(text)
    sev = caps.features[0]
    return [caps.machine_type, str(caps.os.uefi_supported), str(caps.os.loader_paths), str(sev.supported), str(sev.cbitpos),
            "scsi" if "scsi" in caps.devices.disk.buses else "-"]


read = {"nova": nova, "glib": glib, "domcaps": domcaps}[sys.argv[1]]
for path in sys.argv[2:]:
    try:
        print(path, " ".join(read(open(path, encoding="utf-8").read())), sep="\t")
    except Exception as error:  # pylint: disable=broad-except
        print(path, "-", repr(error), sep="\t")
