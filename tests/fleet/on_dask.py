#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""on_dask.py BINARY NAMES LINES: the hosts in NAMES through `BINARY batch -` on a Dask cluster of two local workers.

Names go out in blocks, lines come back in their order: all that a cluster has to carry is text. The same function works on a cluster
of many machines, where BINARY and the snapshots are at the same place for all workers.
"""
import subprocess
import sys

from distributed import Client, LocalCluster

BLOCK = 250


def ask(binary, names):
    return subprocess.run([binary, "batch", "-j", "1", "-"], input="\n".join(names), capture_output=True, text=True, check=True).stdout


def main(binary, names_path, lines_path):
    with open(names_path, encoding="utf-8") as file:
        names = file.read().splitlines()
    blocks = [names[at : at + BLOCK] for at in range(0, len(names), BLOCK)]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        futures = client.map(ask, [binary] * len(blocks), blocks, pure=False)
        with open(lines_path, "w", encoding="utf-8") as file:
            for future in futures:
                file.write(future.result())
        print(len(client.scheduler_info()["workers"]), "workers,", len(blocks), "blocks")


if __name__ == "__main__":
    main(*sys.argv[1:])
