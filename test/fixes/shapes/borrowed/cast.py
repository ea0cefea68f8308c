"""Numbers in lists and dicts, and other things among them."""


class Bad:
    def __hash__(self):
        raise ValueError("no hash")


BAD = Bad()
OTHER = ("other", "thing")
LIST = []
DICT = {"other": OTHER}


def calls(m):
    LIST[:] = [m.number(5), m.number(7), OTHER]
    DICT["five"] = LIST[0]
    numbers = LIST[:2]
    for i in range(4):
        yield "value %d" % i, lambda i=i: m.value_at(LIST, i)
    for key in ("five", "other", "missing"):
        yield key, lambda key=key: m.value_of(DICT, key)
    yield "hash that raises", lambda: m.value_of(DICT, BAD)
    yield "sum", lambda: m.sum(numbers)
    yield "no sum", lambda: m.sum(LIST)
    yield "fresh", lambda: m.sum([m.number(1), m.number(2)])
