"""Cells of functions: full, empty, raising."""


class Bad:
    def __repr__(self):
        raise RuntimeError("no repr")


BAD = Bad()
ITEM = ("an", "item")


def cell_of(value):
    return (lambda: value).__closure__[0]


def empty_cell():
    def inner():
        return later

    if ITEM is None:
        later = 5
    return inner.__closure__[0]


FULL = cell_of(ITEM)
RAISING = cell_of(BAD)
EMPTY = empty_cell()


def calls(m):
    for name, cell in (("full", FULL), ("raising", RAISING), ("empty", EMPTY), ("none", None)):
        yield "content: " + name, lambda cell=cell: m.content(cell)
        yield "taken: " + name, lambda cell=cell: m.taken(cell)
