"""All the branches."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        raise RuntimeError("no repr")


BAD = Bad()
ITEM = ("an", "item")
TEXT = "".join(["some ", "text"])
FULL = {"key": ITEM, "bad": BAD}
LIST = [ITEM, TEXT, BAD]


def calls(m):
    for name, key in (("key", "key"), ("other", "other"), ("bad", BAD)):
        yield "either: " + name, lambda key=key: m.either(FULL, {}, key)
        yield "or: " + name, lambda key=key: m.either({}, FULL, key)
        yield "or none: " + name, lambda key=key: m.or_none(FULL, key)
    yield "or none: repr", lambda: m.or_none(FULL, "bad")
    yield "first", lambda: m.chosen(LIST, False)
    yield "last", lambda: m.chosen(LIST[:2], True)
    yield "last that raises", lambda: m.chosen(LIST, True)
    yield "nothing", lambda: m.chosen([], False)
    for i in range(4):
        yield "text %d" % i, lambda i=i: m.is_text(LIST, i)
