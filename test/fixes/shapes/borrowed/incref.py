"""Results are strong references: what comes back is the thing itself."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        raise RuntimeError("no repr")


BAD = Bad()
ITEM = ("an", "item")
FALLBACK = ["fallback"]
LIST = [ITEM, ITEM]
DICT = {"key": ITEM, "bad": BAD}


def calls(m):
    for name in ("taken", "taken_or_null"):
        f = getattr(m, name)
        yield name + ": item", lambda f=f: f(LIST, 1) is ITEM
        yield name + ": none", lambda f=f: f(LIST, 2)
    yield "value", lambda: m.with_default(DICT, "key", FALLBACK) is ITEM
    yield "fallback", lambda: m.with_default(DICT, "other", FALLBACK) is FALLBACK
    yield "error", lambda: m.with_default(DICT, BAD, FALLBACK)
    yield "value or error", lambda: m.or_error(DICT, "key") is ITEM
    yield "missing is an error", lambda: m.or_error(DICT, "other")
    yield "error is another error", lambda: m.or_error(DICT, BAD)
    for key in ("key", "other"):
        yield f"kept: {key}", lambda key=key: m.kept({"key": ITEM}, key)
    yield "nothing kept", lambda: m.kept(DICT, BAD)
    yield "held", lambda: m.held(DICT, "key")
    yield "held and raising", lambda: m.held(DICT, "bad")
    yield "nothing held", lambda: m.held(DICT, "other")
    yield "nothing held after an error", lambda: m.held(DICT, BAD)
