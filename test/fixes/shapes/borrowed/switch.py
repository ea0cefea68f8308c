"""Every case of the switches."""


class Bad:
    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __repr__

    def __len__(self):
        raise OverflowError("no length")


BAD = Bad()
ITEM = ("an", "item")
LIST = [ITEM, BAD]
DICT = {"key": ITEM}


def calls(m):
    for how in range(5):
        for i in range(3):
            yield "handled %d, %d" % (how, i), lambda how=how, i=i: m.handled(LIST, i, how)
    for which in range(3):
        yield "picked %d" % which, lambda which=which: m.picked(LIST, DICT, which)
        yield "picked %d of nothing" % which, lambda which=which: m.picked([], {}, which)
        yield "picked %d that raises" % which, lambda which=which: m.picked([BAD], {"key": BAD}, which)
