"""Items of lists that answer, and items that raise."""


class Bad:
    def __repr__(self):
        raise RuntimeError("no repr")

    def __len__(self):
        raise OverflowError("no length")

    def __bool__(self):
        raise ValueError("neither")

    def __add__(self, other):
        raise ZeroDivisionError("no sum")


BAD = Bad()
ITEM = ("an", "item")
LISTS = [[], [ITEM], [ITEM, ITEM], [ITEM, BAD], [BAD, ITEM], [BAD, BAD], [ITEM, ""]]


def calls(m):
    for name in ("repr_of", "total_length", "is_true", "joined"):
        for i, value in enumerate(LISTS):
            yield "%s of list %d" % (name, i), lambda f=getattr(m, name), value=value: f(value)
