"""Tours measured anew from the instances' own files, and the optima that TSPLIB publishes."""

import json
import sys

import tsplib

asked = json.load(open(sys.argv[1]))
lengths = []
known = {}
for row in asked["tours"]:
    path = row["file"]
    if path not in known:
        numbers, places, distance = tsplib.read(path)
        known[path] = dict(zip(numbers, places)), distance
    places, distance = known[path]
    tour = row["tour"]
    if sorted(tour) != sorted(places):
        raise SystemExit(f"not every node once: {path}")
    at = [places[number] for number in tour]
    lengths.append(sum(distance(a, b) for a, b in zip(at, at[1:] + at[:1])))
optima = {}
for line in open(asked["solutions"]):
    name, _, length = line.partition(":")
    if length.split():
        optima[name.strip()] = int(length.split()[0])
print(json.dumps({"lengths": lengths, "optima": optima}))
