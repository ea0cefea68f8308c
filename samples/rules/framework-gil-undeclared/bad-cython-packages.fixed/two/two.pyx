# cython: freethreading_compatible=True
"""Pairs."""  # expect: framework-gil-undeclared
# cython: freethreading_compatible=True

include "common.pyx"


def second(values):
    return checked(values)[1]
