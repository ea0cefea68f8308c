"""Lists and dicts that have the thing, lack it, or raise on the way."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __repr__

    def __len__(self):
        raise OverflowError("no length")


BAD = Bad()
ITEM = ("an", "item")
LIST = [ITEM, BAD, 5]
DICT = {"key": ITEM, "bad": BAD}


def calls(m):
    yield "item", lambda: m.checked(LIST, 0)
    yield "item that raises", lambda: m.checked(LIST, 1)
    yield "no item", lambda: m.checked(LIST, 3)
    yield "negative index", lambda: m.checked(LIST, -1)
    yield "length", lambda: m.length_of(LIST, 0)
    yield "length that raises", lambda: m.length_of(LIST, 1)
    yield "length of a number", lambda: m.length_of(LIST, 2)
    yield "no length", lambda: m.length_of(LIST, 9)
    yield "value", lambda: m.looked_up(DICT, "key")
    yield "value that raises", lambda: m.looked_up(DICT, "bad")
    yield "missing value", lambda: m.looked_up(DICT, "other")
    yield "hash that raises", lambda: m.looked_up(DICT, BAD)
    yield "unhashable", lambda: m.looked_up(DICT, [])
    yield "value with error", lambda: m.with_error(DICT, "key")
    yield "missing with error", lambda: m.with_error(DICT, "other")
    yield "hash that raises with error", lambda: m.with_error(DICT, BAD)
    yield "unhashable with error", lambda: m.with_error(DICT, [])
    yield "name", lambda: m.by_name(DICT, "key")
    yield "name of what raises", lambda: m.by_name(DICT, "bad")
    yield "missing name", lambda: m.by_name(DICT, "other")
