"""Holders that are made, shown and dropped."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        raise RuntimeError("no repr")


BAD = Bad()
ITEM = ("an", "item")
LIST = [ITEM, BAD]
DICT = {"key": ITEM, "bad": BAD}


def calls(m):
    for i in range(3):
        yield "item %d" % i, lambda i=i: m.from_list(LIST, i)
    for key in ("key", "bad", "other"):
        yield key, lambda key=key: m.from_dict(DICT, key)
    yield "hash that raises", lambda: m.from_dict(DICT, BAD)
