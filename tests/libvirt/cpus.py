#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""cpus.py HVPROBE CPUTESTDATA WORK: turns each recording of CPUID into a snapshot, asks hvprobe for the processor as libvirt 9.0
would write it, and compares the model, and the features with those of the model. Features that stand in MSRs are left aside on
both sides: a snapshot has no MSR."""
import glob, os, subprocess, sys
import xml.etree.ElementTree as ET

hvprobe, data, work = sys.argv[1:]
cpu_map = os.path.join(data, '..', '..', 'src', 'cpu_map')


def features_of_map():
    root = ET.parse(os.path.join(cpu_map, 'x86_features.xml')).getroot()
    return {one.get('name') for one in root if one.find('msr') is None}


def features_of(model):
    root = ET.parse(os.path.join(cpu_map, 'x86_%s.xml' % model)).getroot()
    return {one.get('name') for one in root.iter('feature') if one.get('removed') != 'yes'}


def snapshot(recording, folder):
    os.makedirs(folder)
    with open(os.path.join(folder, 'snapshot.yaml'), 'w') as out:
        out.write('hvprobe-snapshot: 1\nuname: {sysname: Linux, nodename: h, release: 6.1.0, version: "#1", machine: x86_64}\ncpuid:\n')
        for one in ET.parse(recording).getroot().iter('cpuid'):
            get = lambda name: int(one.get(name) or '0', 0)
            out.write('  - {leaf: %d, subleaf: %d, eax: %d, ebx: %d, ecx: %d, edx: %d}\n' % tuple(
                get(name) for name in ('eax_in', 'ecx_in', 'eax', 'ebx', 'ecx', 'edx')))


def answer(text, at):
    cpu = ET.fromstring(text).find(at)
    model = cpu.findtext('model')
    return model, {one.get('name') for one in cpu.findall('feature')} | features_of(model), cpu.findtext('vendor')


known = features_of_map()
models = sets = count = 0
for host in sorted(glob.glob(os.path.join(data, 'x86_64-cpuid-*-host.xml'))):
    name = os.path.basename(host)[len('x86_64-cpuid-'):-len('-host.xml')]
    folder = os.path.join(work, 'snapshots', name)
    snapshot(host.replace('-host.xml', '.xml'), folder)
    run = subprocess.run([hvprobe, 'capabilities', '--compat', 'libvirt-9.0', '--snapshot', folder], capture_output=True, text=True)
    # What the schema of that libvirt refuses, though it writes it (a name with a dot), is said on standard error.
    refused = {line.split('(')[1].split(')')[0] for line in run.stderr.splitlines() if 'left out /capabilities/host/cpu/feature' in line}
    model, features, vendor = answer(run.stdout, 'host/cpu')
    want, wanted, wanted_vendor = answer(open(host).read(), '.')
    count += 1
    models += model == want and vendor == wanted_vendor
    difference = ((features | refused) ^ wanted) & known
    sets += not difference
    if model != want or difference:
        print('# %s: %s, libvirt has %s; features that differ: %s' % (name, model, want, ' '.join(sorted(difference)) or 'none'))
print('# models %d of %d, features %d of %d' % (models, count, sets, count))
print('%s libvirt cpus: the model of 95 of 100' % ('ok' if count and models >= .95 * count else 'not ok'))
print('%s libvirt cpus: all features of all' % ('ok' if count and sets == count else 'not ok'))
