"""The same in C++."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        raise RuntimeError("no repr")


BAD = Bad()
ITEM = ("an", "item")
DICT = {"key": ITEM, "bad": BAD}
NUMBERS = [10**9, 7, 3]


def calls(m):
    for key in ("key", "bad", "other"):
        yield key, lambda key=key: m.described(DICT, key)
        yield f"owned {key}", lambda key=key: m.owned(DICT, key)
    yield "owned, hash that raises", lambda: m.owned(DICT, BAD)
    yield "owned item", lambda: m.owned_item([ITEM])
    yield "no owned item", lambda: m.owned_item([])
    yield "hash that raises", lambda: m.described(DICT, BAD)
    yield "total", lambda: m.total(NUMBERS)
    yield "no total", lambda: m.total([1, ITEM])
    yield "no list", lambda: m.total(5)
    yield "first", lambda: m.first([ITEM])
    yield "first that raises", lambda: m.first([BAD])
    yield "nothing", lambda: m.first([])
