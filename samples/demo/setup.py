from setuptools import Extension, setup

SOURCES = ["cursor.c", "helpers.c", "journal.c", "module.c", "packet.c", "parse.c", "store.c"]

setup(
    ext_modules=[
        Extension(
            "eventdeck._deck",
            sources=["src/" + name for name in SOURCES],
            depends=["src/eventdeck.h"],
        )
    ]
)
