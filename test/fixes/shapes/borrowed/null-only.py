"""Tests for a key, with keys that raise."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")


class Unequal:
    def __hash__(self):
        return hash("key")

    def __eq__(self, other):
        raise ZeroDivisionError("not comparable")


BAD = Bad()
UNEQUAL = Unequal()
ITEM = ("an", "item")
DICT = {"key": ITEM}


def calls(m):
    for key in ("key", "other"):
        yield "has " + key, lambda key=key: m.has(DICT, key)
        yield "lacks " + key, lambda key=key: m.lacks(DICT, key)
        yield "add " + key, lambda key=key: m.add(DICT, key, ITEM)
    for name, key in (("bad", BAD), ("unequal", UNEQUAL), ("unhashable", [])):
        yield "has " + name, lambda key=key: m.has(DICT, key)
        yield "add " + name, lambda key=key: m.add(DICT, key, ITEM)
