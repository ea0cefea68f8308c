"""Loops that end in every way: at the end, by break, by return, after continue."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")

    def __bool__(self):
        raise OverflowError("neither")


BAD = Bad()
WORDS = ["one", None, "three", "".join(["fo", "ur"])]
STOPPED = ["one", "", 5]
MIXED = ["one", 5, "two"]
NAMES = ["a", "b", "c", "a"]
TABLE = {"a": 1, "b": 0, "bad": BAD}
CHAIN = {1: 2, 2: 3, 3: BAD}
CIRCLE = {1: 2, 2: 1}


def calls(m):
    yield "words", lambda: m.joined(WORDS)
    yield "break", lambda: m.joined(STOPPED)
    yield "return", lambda: m.joined(MIXED)
    yield "nothing", lambda: m.joined([])
    yield "no list", lambda: m.joined(())
    yield "chain that ends in an error", lambda: m.reassigned(CHAIN, 1)
    yield "no chain", lambda: m.reassigned(CHAIN, 9)
    yield "circle", lambda: m.reassigned(CIRCLE, 1)
    yield "counted", lambda: m.counted(NAMES, TABLE)
    yield "truth that raises", lambda: m.counted(["a", "bad"], TABLE)
    yield "hash that raises", lambda: m.counted(["a", BAD], TABLE)
    yield "none counted", lambda: m.counted([], TABLE)
