"""A counter that is used in every way, and wrongly."""
ITEM = ("an", "item")
BIG = 10**30


def calls(m):
    counter = m.Counter()
    fresh = m.Counter()
    yield "increment", lambda: (counter.set(3), counter.increment(), counter.increment())
    yield "add", lambda: (counter.set(3), counter.add(2), counter.latest(), counter.increment())
    yield "add too much", lambda: counter.add(BIG)
    yield "add no number", lambda: counter.add(ITEM)
    yield "add below zero", lambda: counter.add(-1000)
    yield "set", lambda: (counter.set(5, ITEM), counter.latest())
    yield "set wrongly", lambda: counter.set(-5, ITEM)
    yield "set nothing", lambda: counter.set()
    yield "update", lambda: (counter.update(count=7), counter.update(last=ITEM), counter.latest())
    yield "update with what is not there", lambda: counter.update(other=5)
    yield "update of another type", lambda: counter.update(count=ITEM)
    yield "latest of nothing", lambda: fresh.latest()
    yield "another object", lambda: m.Counter.increment(5)
    yield "too many", lambda: counter.increment(5)
