"""Names, shape and file of the results; knows no Odoo.

`bench/results.json` is a list of ``{name, value, unit, target, holds}``. A run of everything writes it anew; a run of a
part replaces what has the same name, because the rest is still what was measured last.
"""

import json
from pathlib import Path

FILE = Path(__file__).with_name("results.json")
#: group -> its results. Posting comes first: the database that it is compared with is as empty.
GROUPS = {
    "post": ("post.overhead",),
    "push": ("push.calls", "push.rate", "push.vs_sdk_loop", "push.unchanged.writes", "push.unchanged"),
    "payments": ("payments.calls",),
    "pull": ("pull.calls", "pull.memory", "pull.apply"),
    "cycle": ("cycle.unchanged",),
    "idle": ("idle.calls_per_day",),
    "scale": ("scale.pick",),
}
KEYS = ("name", "value", "unit", "target", "holds")


class Unknown(ValueError):
    """No result has that name; the message lists those that there are."""


def chosen(only=()):
    """What is to be measured.

    :param only: names of results or of groups of them (``push``, ``push.rate``, ``push.unchanged``); none: everything
    :return dict: group -> names of its results that are wanted, in the order of :data:`GROUPS`
    :raise Unknown:
    """
    names = [name for group in GROUPS.values() for name in group]
    wanted = {each: [name for name in names if f"{name}.".startswith(f"{each}.")] for each in only or GROUPS}
    for each, found in wanted.items():
        if not found:
            raise Unknown(f"no result is called {each!r}; there are {', '.join([*GROUPS, *names])}.")
    together = {name for found in wanted.values() for name in found}
    groups = {group: [name for name in named if name in together] for group, named in GROUPS.items()}
    return {group: named for group, named in groups.items() if named}


def shaped(group, measured, wanted):
    """The wanted ones of a group's results, as they are kept.

    :param measured: tuples of the values of :data:`KEYS`, as ``measure`` of the group's module returns them
    """
    named = {result[0]: dict(zip(KEYS, result, strict=True)) for result in measured}
    assert tuple(named) == GROUPS[group], f"{group} measured {', '.join(named)}"
    return [named[name] | {"value": round(named[name]["value"], 3)} for name in wanted]


class Kept:
    """The results in their file, written after every group: what fails late loses nothing.

    :ivar list results: those of this run
    """

    def __init__(self, anew, file=FILE):
        """:param bool anew: everything is measured, so what another run has left there goes"""
        self.file = file
        self.results = []
        self.old = [] if anew or not file.exists() else json.loads(file.read_text())

    def add(self, results):
        self.results += results
        fresh = {result["name"]: result for result in [*self.old, *self.results]}
        order = [name for names in GROUPS.values() for name in names]
        kept = [fresh[name] for name in order if name in fresh]
        self.file.write_text(json.dumps(kept, indent=1) + "\n")
