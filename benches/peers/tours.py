"""Tours by LKH, OR-tools and VROOM, with their CPU time.

LKH sees every instance it is given; the others only those that they order within seconds.
OR-tools stops at a time limit on the wall, which counts as what CPU time it got.
"""

import json
import sys
import time

import elkai
import numpy
import vroom
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

import tsplib

MOST_OR_TOOLS = 500
MOST_VROOM = 200


def lkh(cells):
    tour = elkai.DistanceMatrix(cells).solve_tsp(runs=1)
    return tour[:-1]


def or_tools(cells, guided):
    manager = pywrapcp.RoutingIndexManager(len(cells), 1, 0)
    routing = pywrapcp.RoutingModel(manager)
    legs = routing.RegisterTransitMatrix(cells)
    routing.SetArcCostEvaluatorOfAllVehicles(legs)
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    if guided:
        asked.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        asked.time_limit.seconds = 5
    found = routing.SolveWithParameters(asked)
    at, tour = routing.Start(0), []
    while not routing.IsEnd(at):
        tour.append(manager.IndexToNode(at))
        at = found.Value(routing.NextVar(at))
    return tour


def by_vroom(cells):
    asked = vroom.Input()
    asked.set_durations_matrix("car", numpy.array(cells, dtype=numpy.uint32))
    asked.add_vehicle(vroom.Vehicle(0, start=0, end=0))
    asked.add_job([vroom.Job(node, location=node) for node in range(1, len(cells))])
    found = asked.solve(exploration_level=0, nb_threads=1)
    stops = found.routes[found.routes["type"] == "job"]
    return [0] + [int(node) for node in stops["id"]]


def timed(order, *asked):
    began = time.process_time()
    tour = order(*asked)
    return tour, (time.process_time() - began) * 1e3


answers = []
for path in json.load(open(sys.argv[1]))["files"]:
    numbers, places, distance = tsplib.read(path)
    cells = [[distance(a, b) for b in places] for a in places]
    runs = {"LKH": timed(lkh, cells)}
    if len(cells) <= MOST_OR_TOOLS:
        runs["OR-tools"] = timed(or_tools, cells, False)
        runs["OR-tools, guided"] = timed(or_tools, cells, True)
    if len(cells) <= MOST_VROOM:
        runs["VROOM"] = timed(by_vroom, cells)
    for name, (tour, cpu_ms) in runs.items():
        tour = [numbers[node] for node in tour]
        answers.append({"file": path, "peer": name, "cpu_ms": cpu_ms, "tour": tour})
print(json.dumps({"tours": answers}))
