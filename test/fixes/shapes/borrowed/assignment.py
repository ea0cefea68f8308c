"""Assignments, in C as it was written before declarations could stand anywhere."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __len__(self):
        raise OverflowError("no length")


BAD = Bad()
ITEM = ("an", "item")
LIST = [ITEM, 2, 3.5]
DICT = {"key": ITEM, "bad": BAD, "number": 7}


def calls(m):
    yield "ends", lambda: m.first_and_last(LIST)
    yield "empty", lambda: m.first_and_last([])
    yield "no list", lambda: m.first_and_last(())
    yield "size", lambda: m.size_of(DICT, "key")
    yield "size that raises", lambda: m.size_of(DICT, "bad")
    yield "no size", lambda: m.size_of(DICT, "number")
    yield "missing", lambda: m.size_of(DICT, "other")
    yield "hash that raises", lambda: m.size_of(DICT, BAD)
    yield "no dict", lambda: m.size_of(LIST, "key")
    yield "strict", lambda: m.strict(DICT, "key")
    yield "strict and missing", lambda: m.strict(DICT, "other")
    yield "strict and raising", lambda: m.strict(DICT, BAD)
