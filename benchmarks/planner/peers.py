"""How others would plan a class: by hand in two ways, and by three routing programmes (each an optional install)."""

from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from .classes import ClassTask, Routes, fits

FORBIDDEN = 100_000


def roll_order(task: ClassTask, seconds: float) -> Routes:
    """Slot after slot, the next names on the roll that can come and still fit; weekly cap kept."""
    return _by_hand(task, nearest=False)


def nearest_first(task: ClassTask, seconds: float) -> Routes:
    """Slot after slot, from school to the nearest home that can be visited, then on to the nearest; cap kept."""
    return _by_hand(task, nearest=True)


def _by_hand(task: ClassTask, nearest: bool) -> Routes:
    left, routes, weeks = set(range(len(task.stay))), [], Counter()
    for slot in range(len(task.slots)):
        if weeks[task.weeks[slot]] >= task.cap:
            continue
        order: list[int] = []
        while True:
            here = order[-1] + 1 if order else 0
            able = [v for v in left if task.extra[slot, v] >= 0 and fits(task, slot, [*order, v])]
            if not able:
                break
            pick = min(able, key=lambda v: (task.way[here, v + 1], v) if nearest else (v,))
            order.append(pick)
            left.remove(pick)
        if order:
            routes.append((slot, order))
            weeks[task.weeks[slot]] += 1
    return routes


def ortools_search(task: ClassTask, seconds: float) -> Routes:
    """OR-Tools routing, guided local search; one vehicle a slot."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    slots, visits = task.extra.shape
    manager = pywrapcp.RoutingIndexManager(visits + 1, slots, 0)
    model = pywrapcp.RoutingModel(manager)
    for slot in range(slots):
        model.SetArcCostEvaluatorOfVehicle(model.RegisterTransitMatrix(_costs(task, slot).tolist()), slot)
        model.SetFixedCostOfVehicle(int(task.problem.costs.outing), slot)
    spent = task.way + np.concatenate([[0], task.stay])[:, None]
    time = model.RegisterTransitMatrix(spent.tolist())
    model.AddDimensionWithVehicleCapacity(time, 0, [int(x) for x in task.length], True, "time")
    for v in range(visits):
        index = manager.NodeToIndex(v + 1)
        model.AddDisjunction([index], int(task.left_out[v]))
        model.VehicleVar(index).SetValues([-1, *(int(s) for s in np.flatnonzero(task.extra[:, v] >= 0))])
    how = pywrapcp.DefaultRoutingSearchParameters()
    how.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    how.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    how.time_limit.FromMilliseconds(int(seconds * 1000))
    found = model.SolveWithParameters(how)
    routes: Routes = []
    for slot in range(slots if found else 0):
        order, index = [], found.Value(model.NextVar(model.Start(slot)))
        while not model.IsEnd(index):
            order.append(manager.IndexToNode(index) - 1)
            index = found.Value(model.NextVar(index))
        if order:
            routes.append((slot, order))
    return routes


def pyvrp_search(task: ClassTask, seconds: float) -> Routes:
    """PyVRP's iterated local search; one vehicle type and one profile a slot."""
    from pyvrp import Model
    from pyvrp.stop import MaxRuntime

    slots, visits = task.extra.shape
    model = Model()
    places = [model.add_location(0, 0) for _ in range(visits + 1)]
    depot = model.add_depot(places[0])
    for v in range(visits):
        model.add_client(
            places[v + 1], service_duration=int(task.stay[v]), prize=int(task.left_out[v]), required=False
        )
    for slot in range(slots):
        profile, costs = model.add_profile(), _costs(task, slot)
        able = [0, *(int(v) + 1 for v in np.flatnonzero(task.extra[slot] >= 0))]
        for i in able:
            for j in able:
                if i != j:
                    model.add_edge(places[i], places[j], int(costs[i, j]), int(task.way[i, j]), profile)
        model.add_vehicle_type(
            1, start_depot=depot, end_depot=depot, fixed_cost=int(task.problem.costs.outing),
            shift_duration=int(task.length[slot]), profile=profile,
        )  # fmt: skip
    found = model.solve(MaxRuntime(seconds), seed=1, collect_stats=False, display=False, missing_value=FORBIDDEN)
    return [(route.vehicle_type(), _clients(route)) for route in found.best.routes()]


def _clients(route) -> list[int]:
    return [stop.idx for stop in route if stop.is_client()]


def vroom_search(task: ClassTask, seconds: float) -> Routes:
    """VROOM at its deepest exploration; one vehicle and one profile a slot, a skill for every visit."""
    import vroom

    slots, visits = task.extra.shape
    given = vroom.Input()
    for slot in range(slots):
        name = f"slot{slot}"
        given.set_durations_matrix(profile=name, matrix_input=task.way.astype(np.uint32))
        given.set_costs_matrix(profile=name, matrix_input=_costs(task, slot).astype(np.uint32))
        given.add_vehicle(vroom.Vehicle(
            slot, start=0, end=0, profile=name, skills={int(v) for v in np.flatnonzero(task.extra[slot] >= 0)},
            time_window=vroom.TimeWindow(0, int(task.length[slot])),
            costs=vroom.VehicleCosts(fixed=int(task.problem.costs.outing)),
        ))  # fmt: skip
    for v in range(visits):
        given.add_job(vroom.Job(v, location=v + 1, default_service=int(task.stay[v]), skills={v}))
    found = given.solve(exploration_level=5, nb_threads=2)
    routes: dict[int, list[int]] = {}
    for _, step in found.routes.iterrows():
        if step["type"] == "job":
            routes.setdefault(int(step["vehicle_id"]), []).append(int(step["id"]))
    return list(routes.items())


def _costs(task: ClassTask, slot: int) -> np.ndarray:
    # Minutes of way, and on the way into a home what the visit costs in this slot.
    into = np.concatenate([[0], np.where(task.extra[slot] < 0, FORBIDDEN, task.extra[slot])])
    found = task.way * int(task.problem.costs.travel_min) + into[None, :]
    np.fill_diagonal(found, 0)
    return found


# name, the module it needs, how it plans, seconds a class (quick, full)
PEERS: list[tuple[str, str | None, Callable[[ClassTask, float], Routes], tuple[float, float]]] = [
    ("roll order", None, roll_order, (0, 0)),
    ("nearest first", None, nearest_first, (0, 0)),
    ("VROOM", "vroom", vroom_search, (0, 0)),
    ("OR-Tools guided local search", "ortools", ortools_search, (2, 10)),
    ("PyVRP", "pyvrp", pyvrp_search, (2, 5)),
]


def missing(module: str | None) -> bool:
    """Whether a peer's module is not installed."""
    return module is not None and find_spec(module) is None
