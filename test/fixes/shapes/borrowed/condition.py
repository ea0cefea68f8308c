"""The key is there, is missing, or raises; the container is of another type."""


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
    for name in ("in_if", "in_if_not", "in_and", "in_else_if"):
        f = getattr(m, name)
        yield name + ": key", lambda f=f: f(DICT, "key")
        yield name + ": value that raises", lambda f=f: f(DICT, "bad")
        yield name + ": missing", lambda f=f: f(DICT, "other")
        yield name + ": hash that raises", lambda f=f: f(DICT, BAD)
        yield name + ": no dict", lambda f=f: f(LIST, "key")
    yield "item", lambda: m.list_in_if(LIST, 0)
    yield "item that raises", lambda: m.list_in_if(LIST, 1)
    yield "no item", lambda: m.list_in_if(LIST, 2)
