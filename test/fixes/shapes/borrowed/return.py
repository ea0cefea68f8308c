"""Functions that end in an expression of the reference."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __repr__


BAD = Bad()
ITEM = ("an", "item")
BIG = 10**30
DICT = {"key": ITEM, "bad": BAD}
NUMBERS = [BIG, 2.5, ITEM, BAD]


def calls(m):
    for key in ("key", "bad", "other", BAD):
        name = "bad object" if key is BAD else key
        yield "has: " + name, lambda key=key: m.has(DICT, key)
        yield "text: " + name, lambda key=key: m.text_of(DICT, key)
    yield "unhashable", lambda: m.has(DICT, [])
    yield "exact", lambda: m.exact(NUMBERS)
    yield "not exact", lambda: m.exact([ITEM])
    yield "nothing", lambda: m.exact([])
    for i in range(5):
        yield "number %d" % i, lambda i=i: m.number_of(NUMBERS, i)
