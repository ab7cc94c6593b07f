"""What a further cycle costs in which everything is looked at and nothing is different."""

from .payments import look_again
from .push import run_worker, writes


def measure(database, simulator):
    """:return list: result ``cycle.unchanged``"""
    run_worker(database)
    look_again(database)
    simulator.clear_calls()
    run_worker(database)
    count = writes(simulator)
    return [("cycle.unchanged", count, "writes", "0", count == 0)]
