"""Bounded stores of events."""

from ._deck import (
    DeckError,
    Journal,
    Packet,
    Store,
    __version__,
    append,
    count_by,
    dumps,
    intern_tag,
    parse_line,
    pluck,
    rows,
    set_default,
    stamp,
)

__all__ = [
    "DeckError",
    "Journal",
    "Packet",
    "Store",
    "__version__",
    "append",
    "count_by",
    "dumps",
    "intern_tag",
    "parse_line",
    "pluck",
    "rows",
    "set_default",
    "stamp",
]
