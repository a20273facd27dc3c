"""TSPLIB files, read and rounded without any of our code."""

import math


def read(path):
    """The nodes' numbers and their coordinates, in the file's order."""
    header, numbers, places, in_nodes = {}, [], [], False
    for line in open(path):
        line = line.strip()
        if line == "EOF":
            break
        if line == "NODE_COORD_SECTION":
            in_nodes = True
        elif in_nodes and line:
            number, x, y = line.split()
            numbers.append(int(number))
            places.append((float(x), float(y)))
        elif ":" in line:
            key, value = line.split(":", 1)
            header[key.strip()] = value.strip()
    return numbers, places, distance_of(header["EDGE_WEIGHT_TYPE"])


def distance_of(kind):
    if kind == "EUC_2D":
        return lambda a, b: int(math.hypot(a[0] - b[0], a[1] - b[1]) + 0.5)
    if kind == "CEIL_2D":
        return lambda a, b: math.ceil(math.hypot(a[0] - b[0], a[1] - b[1]))
    raise SystemExit(f"{kind} is not measured here")
