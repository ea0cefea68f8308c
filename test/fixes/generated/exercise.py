"""Calls every function of a generated module with many arguments, and counts references.

Usage: exercise.py FOLDER NAME: imports NAME from FOLDER and prints a JSON object, function name to a list of outcomes.
An outcome is what the call returned or raised, and by how much the reference counts of the objects grew over some calls.
"""
import importlib
import json
import sys

CALLS = 40
sys.unraisablehook = lambda *_: None  # what PyDict_GetItem swallows is told since 3.13
folder, name = sys.argv[1:3]
sys.path.insert(0, folder)
module = importlib.import_module(name)


class Loud:
    """Its hash raises, so that a lookup fails with an exception of its own."""

    def __hash__(self):
        raise RuntimeError("no hash")


NUMBERS = [int("100000%d" % n) for n in range(6)]
STRINGS = ["".join(["text", str(n)]) for n in range(3)]
LONG = "".join(["a text that is", " too long"])
LISTS = [
    [],
    NUMBERS[:1],
    NUMBERS[1:4],
    [NUMBERS[0], STRINGS[0], None, STRINGS[1]],
    [STRINGS[2], LONG],
    [NUMBERS[4], NUMBERS[5], NUMBERS[4], NUMBERS[4], STRINGS[0]],
]
TABLES = [
    {},
    {"a": NUMBERS[2], "b": STRINGS[1]},
    {"a": LONG, "b": NUMBERS[3]},
    {"b": STRINGS[2]},
]
WATCHED = NUMBERS + STRINGS + [LONG] + LISTS + TABLES


def outcome(call, argument):
    try:
        return repr(call(argument))
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)


def counts():
    return [sys.getrefcount(o) for o in WATCHED]


def exercise(call):
    outcomes = []
    for table in TABLES:
        module.set_table(table)
        for argument in LISTS + [Loud()]:
            result = outcome(call, argument)
            before = counts()
            for _ in range(CALLS):
                outcome(call, argument)
            growth = [b - a for a, b in zip(before, counts())]
            outcomes.append([result, {i: n for i, n in enumerate(growth) if n}])
    return outcomes


names = sorted((n for n in dir(module) if n[0] == "f" and n[1:].isdigit()), key=lambda n: int(n[1:]))
print(json.dumps({n: exercise(getattr(module, n)) for n in names}))
