"""Loops of no, one and many rounds, that end in every way."""


class Bad:
    def __gt__(self, other):
        raise ValueError("not comparable")

    def __repr__(self):
        raise RuntimeError("no repr")


BAD = Bad()
BIG = 10**20
SMALL = 10**10
NESTED = {"inner": {"inner": {"other": 5}}}
WRONG = {"inner": {"inner": BAD}}


def calls(m):
    yield "until none", lambda: m.until_none([BIG, SMALL, None, BIG])
    yield "until the end", lambda: m.until_none([BIG, SMALL])
    yield "nothing", lambda: m.until_none([])
    yield "repr that raises", lambda: m.until_none([BAD])
    yield "depth", lambda: m.depth(NESTED)
    yield "no depth", lambda: m.depth({})
    yield "wrong depth", lambda: m.depth(WRONG)
    yield "largest", lambda: m.largest([SMALL, BIG, SMALL, BIG])
    yield "largest of nothing", lambda: m.largest([])
    yield "not comparable", lambda: m.largest([SMALL, BAD])
    yield "kind", lambda: m.first_of_kind([SMALL, BIG, "text", BIG], str)
    yield "first kind", lambda: m.first_of_kind(["text"], str)
    yield "no kind", lambda: m.first_of_kind([BIG], str)
    yield "kind that raises", lambda: m.first_of_kind([BIG, BAD], Bad)
