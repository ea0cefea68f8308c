"""Every way to the label, and the ways around it."""


class Bad:
    def __init__(self, text=None):
        self.text = text

    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        raise RuntimeError("no repr")

    def __len__(self):
        raise OverflowError("no length")

    def __str__(self):
        if self.text is None:
            raise RuntimeError("no str")
        return self.text


BAD = Bad()
NAMED = Bad("named")
ITEM = ("an", "item")
DICT = {"key": ITEM, "bad": BAD, "none": None, ITEM: "value"}
WORDS = ["abc", None, "defgh", "x" * 20, 5]


def calls(m):
    for key in ("key", "bad", "none", "other"):
        yield key, lambda key=key: m.described(DICT, key)
    yield "no str", lambda: m.described(DICT, BAD)
    yield "no hash", lambda: m.described(DICT, NAMED)
    yield "combined", lambda: m.combined([ITEM], DICT)
    yield "no item", lambda: m.combined([], DICT)
    yield "no value", lambda: m.combined(["other"], DICT)
    yield "swallowed", lambda: m.combined([BAD], DICT)
    yield "longest", lambda: m.longest(WORDS)
    yield "longest of few", lambda: m.longest(WORDS[:3])
    yield "length that raises", lambda: m.longest(["abc", BAD])
    yield "no list", lambda: m.longest((1, 2))
    yield "no sequence", lambda: m.longest(5)
