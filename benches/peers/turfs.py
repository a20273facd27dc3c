"""Doors within turfs and the nearest doors by GEOS: a tree over the doors, prepared borders."""

import json
import statistics
import sys
import time

import numpy
import shapely

RADIUS_M = 6371008.8

data = json.load(open(sys.argv[1]))
places = numpy.array(data["places"])
lon, lat = numpy.array(data["doors"]).T
doors = shapely.points(data["doors"])
tree = shapely.STRtree(doors)
tree.query(shapely.box(0, 0, 1, 1))


def metres(of, door):
    """The haversine distance, as the core has it."""
    a, b = numpy.radians(places[of, 1]), numpy.radians(lat[door])
    half_lon = numpy.sin(numpy.radians(lon[door] - places[of, 0]) / 2)
    h = numpy.sin((b - a) / 2) ** 2 + numpy.cos(a) * numpy.cos(b) * half_lon**2
    return 2 * RADIUS_M * numpy.arcsin(numpy.sqrt(h))


def nearest(count):
    """All places at once: boxes that grow until the nearest are certainly inside."""
    found = [None] * len(places)
    todo, reach_m = numpy.arange(len(places)), 50.0
    while len(todo):
        x, y = reach_m / 80000, reach_m / 111000
        at = places[todo]
        boxes = shapely.box(at[:, 0] - x, at[:, 1] - y, at[:, 0] + x, at[:, 1] + y)
        which, door = tree.query(boxes)
        of = todo[which]
        away = metres(of, door)
        inside = away <= reach_m
        of, door, away = of[inside], door[inside], away[inside]
        order = numpy.lexsort((door, away, of))
        of, door = of[order], door[order]
        starts = numpy.searchsorted(of, todo)
        ends = numpy.searchsorted(of, todo, side="right")
        for place, start, end in zip(todo, starts, ends):
            if end - start >= count:
                found[place] = door[start : start + count].tolist()
        todo = numpy.array([place for place in todo if found[place] is None], dtype=int)
        reach_m *= 2
    return found


times, near_times = [], []
for _ in range(5):
    turfs = [shapely.Polygon(ring) for ring in data["turfs"]]
    began = time.process_time()
    shapely.prepare(turfs)
    found = tree.query(turfs, predicate="contains").shape[1]
    times.append((time.process_time() - began) * 1e3)
    began = time.process_time()
    near = nearest(data["nearest"])
    near_times.append((time.process_time() - began) * 1e3)
print(
    json.dumps(
        {
            "cpu_ms": statistics.median(times),
            "found": int(found),
            "near_cpu_ms": statistics.median(near_times),
            "near": near,
        }
    )
)
