"""The first use and the later ones."""
ITEM = ("an", "item")


def calls(m):
    yield "name", lambda: m.name()
    yield "decimal", lambda: m.as_decimal(5)
    yield "no decimal", lambda: m.as_decimal(ITEM)
    yield "no square", lambda: m.square(-3)
    yield "square", lambda: [m.square(i) for i in range(16)]
    yield "no number", lambda: m.square(ITEM)
