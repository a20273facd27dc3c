"""LKH on tables of costs in either direction: the shortest closed tour of each."""

import json
import sys
import time

import elkai

answers = []
for cells in json.load(open(sys.argv[1]))["tables"]:
    began = time.process_time()
    tour = elkai.DistanceMatrix(cells).solve_tsp(runs=5)
    cpu_ms = (time.process_time() - began) * 1e3
    length = sum(cells[a][b] for a, b in zip(tour, tour[1:]))
    answers.append({"length": length, "cpu_ms": cpu_ms / 5})
print(json.dumps({"tables": answers}))
