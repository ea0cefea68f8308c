"""The first use, the next ones, and keys that raise."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")


class Silent:
    def __repr__(self):
        raise RuntimeError("no repr")


BAD = Bad()
SILENT = Silent()
ITEM = ("an", "item")


def calls(m):
    yield "nodes", lambda: m.through_nodes(21)
    yield "no nodes", lambda: m.through_nodes(ITEM)
    yield "cached", lambda: m.cached(ITEM)
    yield "the same", lambda: m.cached(ITEM) is m.cached(ITEM)
    yield "hash that raises", lambda: m.cached(BAD)
    yield "repr that raises", lambda: m.cached(SILENT)
