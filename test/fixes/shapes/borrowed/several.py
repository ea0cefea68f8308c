"""Every combination of what is there and what is not."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        raise RuntimeError("no repr")


BAD = Bad()
ITEM = ("an", "item")
BIG = 10**12
DICT = {"key": BIG, ITEM: BAD}


def calls(m):
    yield "all", lambda: m.merged([ITEM], DICT, "key")[:2]
    yield "no other", lambda: m.merged(["item"], DICT, "key")
    yield "no value", lambda: m.merged([ITEM], DICT, "other")
    yield "no item", lambda: m.merged([], DICT, "key")
    yield "item that raises", lambda: m.merged([BAD], DICT, "key")
    yield "key that raises", lambda: m.merged([ITEM], DICT, BAD)
    yield "repr that raises", lambda: m.merged([BAD], DICT, "other")
    for name, value in (("full", {"first": BIG, "second": BIG}), ("first", {"first": BIG}), ("second", {"second": BIG}),
                        ("empty", {}), ("wrong", {"first": ITEM, "second": BAD}), ("late", {"first": 1, "second": ITEM})):
        yield "reused: " + name, lambda value=value: m.reused(value)
        yield "either: " + name, lambda value=value: m.either(value)
