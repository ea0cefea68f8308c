"""New containers that share items with the old ones."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")


BAD = Bad()
ITEM = ("an", "item")
LIST = [ITEM, BAD, ITEM]
DICT = {"key": ITEM, "bad": BAD}
TARGET = [ITEM]


def calls(m):
    yield "pair", lambda: m.pair(LIST)
    yield "no pair", lambda: m.pair([])
    yield "copy", lambda: m.copied(LIST)
    yield "empty copy", lambda: m.copied([])
    yield "selected", lambda: m.selected(DICT, ("key", "bad", "key"))
    yield "not selected", lambda: m.selected(DICT, ("key", "other"))
    yield "hash that raises", lambda: m.selected(DICT, ("key", "key", BAD))
    yield "replaced", lambda: m.replaced(LIST, TARGET)
    yield "no place", lambda: m.replaced(LIST, [])
    yield "nothing to place", lambda: m.replaced([], TARGET)
