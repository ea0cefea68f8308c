cdef long total(list values):
    cdef long result = 0
    for value in values:
        result += value
    return result
