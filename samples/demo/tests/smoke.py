"""Uses every function once; prints the number of checks."""

import os
import sys
import tempfile

import eventdeck
from eventdeck import Journal, Packet, Store

checks = 0


def check(got, wanted):
    global checks
    checks += 1
    if got != wanted:
        sys.exit("check %d: got %r, wanted %r" % (checks, got, wanted))


def raises(kind, call, *args):
    global checks
    checks += 1
    try:
        call(*args)
    except kind:
        return
    sys.exit("check %d: %s was not raised" % (checks, kind.__name__))


store = Store(capacity=3, label="demo")
seen, gone = [], []
store.subscribe(seen.append)
store.on_evict = gone.append
for name in ("start", "tick", "tick", "stop"):
    store.append(name, payload=len(seen))
check(len(store), 3)
check(store[0], (1, "tick", 1))
check(gone, [(0, "start", 0)])
check([event[0] for event in seen], [0, 1, 2, 3])
check(store.latest("tick"), (2, "tick", 2))
check(store.latest("nothing", "default"), "default")
check(store.totals(), [("start", 1), ("stop", 1), ("tick", 2)])
cursor = iter(store)
check([(i, event[1]) for i, event in cursor], [(0, "tick"), (1, "tick"), (2, "stop")])
cursor.rewind()
check(next(cursor)[0], 0)
check(list(iter(store))[2][1], (3, "stop", 3))
store.configure(capacity=5, label="wider")
check((store.capacity, store.label, len(store)), (5, "wider", 3))
check(repr(store), "<Store 'wider': 3 of 5>")
store.configure(capacity=2)
check(store.latest("stop"), (3, "stop", 3))
raises(TypeError, lambda: store.configure(colour=1))
raises(IndexError, lambda: store[9])
store.on_evict = None
check(store.on_evict, None)
store.clear()
check((len(store), store.events_total), (0, 4))

packet = Packet(room=2)
check(packet.write(b"hello "), 6)
check(packet.write(b"world"), 11)
check((packet.tobytes(), len(packet)), (b"hello world", 11))
with memoryview(packet) as view:
    check(bytes(view[:5]), b"hello")
    raises(BufferError, packet.write, b"x" * 100)
check(packet.checksum() > 0, True)

raises(eventdeck.DeckError, eventdeck.append, "early")
eventdeck.set_default(store)
eventdeck.append("late")
check(store[0][1], "late")
check(eventdeck.dumps([1, "a"]), '[1, "a"]')
check(
    eventdeck.parse_line('login user=ada note="two words" @0'),
    {"name": "login", "user": "ada", "note": "two words", "time": "1970-01-01T00:00:00Z"},
)
for line in ("", "x y", "x a=1 a=2", "x name=1", 'x a="1'):
    raises(ValueError, eventdeck.parse_line, line)
check(len(eventdeck.stamp(0)), 19)
tag = "".join(["a", "b"])
check(eventdeck.intern_tag(tag) is eventdeck.intern_tag("ab"), True)
check(eventdeck.pluck([{"a": 1}, {}, 3], "a", 0), [1, 0, 0])
check(eventdeck.count_by(["aa", "b", "cc"], len), {2: 2, 1: 1})
check(eventdeck.rows((1, 2), (3,)), [[1, 2], [3, None]])

with tempfile.TemporaryDirectory() as folder:
    journal = Journal(os.path.join(folder, "log"))
    journal.write("one")
    journal.write("two")
    journal.sync()
    journal.flush_batch()
    check((journal.lines, journal.open_journals), (2, 1))
    journal.close()
    raises(ValueError, journal.write, "three")
    with open(journal.path) as file:
        check(file.read(), "one\ntwo\n")

print(checks)
