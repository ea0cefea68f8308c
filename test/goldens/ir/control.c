int sum(int n)
{
    int i, total = 0;
    for (i = 0; i < n; i++) {
        if (i == 3)
            continue;
        if (i > 10 && total < 100 || n == 7)
            break;
        total += i;
    }
    do {
        total--;
    } while (total > 5);
    while (!done(total))
        total /= 2;
    return total;
}

int dispatch(int kind)
{
    int result = 0;
    switch (kind) {
    case 1:
    case 2:
        result = 1;
        /* falls through */
    case 3:
        result++;
        break;
    default:
        return -1;
    case 'x': {
        result = 9;
    }
    }
    return result;
}

int forever(void)
{
    for (;;) {
        if (step())
            goto out;
    }
out:
    return 0;
}

void once(int *p)
{
    do {
        if (*p)
            break;
        *p = 1;
    } while (0);
    if (0)
        never();
    while (1)
        spin();
}

int jump(void *table[], int i)
{
    void *targets[] = { &&first, &&second };
    goto *targets[i];
first:
    return 1;
second:
    return 2;
}

void gone(const char *why)
{
    if (why)
        Py_FatalError(why);
    log_it(why);
}
