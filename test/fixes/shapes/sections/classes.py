"""A gauge that is set and read."""
ITEM = ("an", "item")


def calls(m):
    fresh = m.Gauge()
    gauge = m.Gauge()
    yield "nothing yet", lambda: fresh.value()
    yield "set", lambda: (gauge.set(2.5) > 0, gauge.value())
    yield "not set", lambda: gauge.set(ITEM)
