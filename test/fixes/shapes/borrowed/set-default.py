"""Keys that are there, are new, or raise."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        raise RuntimeError("no repr")


BAD = Bad()
ITEM = ("an", "item")
OTHER = ("another", "item")
DICT = {"key": ITEM, "bad": BAD}


def calls(m):
    for f in (m.interned, m.shown, m.inserted):
        yield f.__name__ + ": there", lambda f=f: f(DICT, "key", OTHER)
        yield f.__name__ + ": new", lambda f=f: f({}, "key", OTHER)
        yield f.__name__ + ": bad value", lambda f=f: f(DICT, "bad", OTHER) is BAD
        yield f.__name__ + ": hash that raises", lambda f=f: f(DICT, BAD, OTHER)
