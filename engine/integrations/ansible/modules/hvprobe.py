#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ansible module: what the managed host can virtualise. Uses the library by its Python binding, else the program."""

DOCUMENTATION = r"""
module: hvprobe
short_description: What a host can virtualise
description:
  - Returns a document of hvprobe of the managed host, such as its capabilities, checks or facts.
  - Changes nothing and runs nothing there but hvprobe itself.
options:
  document:
    description: Name of the document, such as facts, capabilities, detect, checks or domain.
    type: str
    default: facts
  snapshot:
    description: Ask a snapshot on the managed host in place of the host itself.
    type: path
  root:
    description: Ask a mounted image on the managed host in place of the host itself.
    type: path
  executable:
    description: The program, where the Python binding is not installed.
    type: str
    default: hvprobe
author: the authors of hvprobe
"""

EXAMPLES = r"""
- name: What can this host run?
  hvprobe:
  register: host
- ansible.builtin.debug:
    msg: "{{ host.hvprobe.domain_types | default([]) }}"
- name: Is it ready?
  hvprobe: {document: checks}
"""

RETURN = r"""
hvprobe:
  description: The document, as JSON has it.
  returned: success
  type: dict
ansible_facts:
  description: The same as the fact hvprobe, of the document facts only.
  returned: success
  type: dict
"""

import json

from ansible.module_utils.basic import AnsibleModule


def by_library(parameters):
    """The document by the library, or None where there is no binding."""
    try:
        import hvprobe
    except (ImportError, OSError):
        return None
    if not hasattr(hvprobe, "Rules"):
        return None  # this module itself, under its own name
    options = hvprobe.Options(snapshot=parameters["snapshot"], root=parameters["root"])
    return json.loads(hvprobe.document(parameters["document"], format="json", options=options))


def by_program(module):
    """The document by the program; ends the module where there is none."""
    words = [module.get_bin_path(module.params["executable"], required=True)]
    for option in ("snapshot", "root"):
        if module.params[option]:
            words += ["--" + option, module.params[option]]
    status, out, err = module.run_command(words + ["show", module.params["document"], "--format", "json"])
    if status not in (0, 1):
        module.fail_json(msg=err.strip() or "hvprobe ended with status %d" % status, rc=status)
    return json.loads(out)


def main():
    module = AnsibleModule(
        argument_spec={
            "document": {"type": "str", "default": "facts"},
            "snapshot": {"type": "path"},
            "root": {"type": "path"},
            "executable": {"type": "str", "default": "hvprobe"},
        },
        mutually_exclusive=[("snapshot", "root")],
        supports_check_mode=True,
    )
    try:
        found = by_library(module.params)
    except Exception as error:  # an hvprobe.Error: the program would say the same
        module.fail_json(msg=str(error))
    if found is None:
        found = by_program(module)
    result = {"changed": False, "hvprobe": found}
    if module.params["document"] == "facts":
        result["ansible_facts"] = {"hvprobe": found}
    module.exit_json(**result)


if __name__ == "__main__":
    main()
