cdef checked(values):
    if len(values) < 2:
        raise ValueError("too short")
    return values
