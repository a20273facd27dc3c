"""Turfs by other methods: METIS on the graph of nearest neighbours, recursive bisection, k-means.

Takes sites (metres east and north, minutes at their doors) and a number of turfs; answers the
turf of each site, and the CPU time.
"""

import json
import sys
import time

import numpy as np
import pymetis
from scipy.spatial import cKDTree

NEIGHBOURS = 8
ROUNDS = 60


def metis(at, minutes, turfs):
    """k-way, balanced in minutes at the doors, near sites tied more tightly."""
    metres, near = cKDTree(at).query(at, k=NEIGHBOURS + 1)
    ties = [dict() for _ in at]
    for a in range(len(at)):
        for b, far in zip(near[a, 1:], metres[a, 1:]):
            weight = int(1 + 1000 / (5 + far))
            ties[a][int(b)] = ties[int(b)][a] = weight
    starts, ends, weights = [0], [], []
    for row in ties:
        ends += row.keys()
        weights += row.values()
        starts.append(len(ends))
    _, turf = pymetis.part_graph(
        turfs,
        xadj=starts,
        adjncy=ends,
        eweights=weights,
        vweights=[max(1, round(20 * m)) for m in minutes],
        recursive=False,
        contiguous=False,
    )
    return np.array(turf)


def bisection(at, minutes, turfs):
    """The longer side of the box is halved by weight, again and again."""
    turf = np.zeros(len(at), dtype=int)

    def halve(sites, first, count):
        if count == 1:
            turf[sites] = first
            return
        axis = int(np.ptp(at[sites, 1]) > np.ptp(at[sites, 0]))
        sites = sites[np.argsort(at[sites, axis], kind="stable")]
        share = np.cumsum(minutes[sites])
        below = count // 2
        cut = int(np.searchsorted(share, share[-1] * below / count))
        cut = min(max(cut, below), len(sites) - (count - below))
        halve(sites[:cut], first, below)
        halve(sites[cut:], first + below, count - below)

    halve(np.arange(len(at)), 0, turfs)
    return turf


def k_means(at, minutes, turfs):
    """Lloyd's rounds from sites drawn by chance; knows no balance."""
    centres = at[np.random.default_rng(1).choice(len(at), turfs, replace=False)]
    for _ in range(ROUNDS):
        _, turf = cKDTree(centres).query(at)
        counts = np.maximum(np.bincount(turf, minlength=turfs), 1)
        sums = np.stack([np.bincount(turf, at[:, i], turfs) for i in range(2)], axis=1)
        centres = sums / counts[:, None]
    return turf


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    at = np.array([site[:2] for site in given["sites"]])
    minutes = np.array([site[2] for site in given["sites"]])
    answer = {}
    for method in (metis, bisection, k_means):
        started = time.process_time()
        turf = method(at, minutes, given["turfs"])
        cpu_ms = (time.process_time() - started) * 1e3
        answer[method.__name__] = {"turf": turf.tolist(), "cpu_ms": cpu_ms}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
