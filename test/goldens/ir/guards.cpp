#include <mutex>
struct Pool {
    std::mutex m;
    int size;
    PyObject *take(int n);
};

PyObject *Pool::take(int n)
{
    std::lock_guard<std::mutex> guard(m);
    if (n > size)
        return nullptr;
    for (int i = 0; i < n; i++) {
        std::scoped_lock inner(m, other);
        if (i == 3)
            break;
        if (i == 4)
            continue;
        if (i == 5)
            goto out;
        size--;
    }
out:
    return get(size);
}

void detached(Pool &p)
{
    {
        py::gil_scoped_release release;
        p.m.lock();
        work(p);
        p.m.unlock();
    }
    std::unique_lock<std::mutex> lk(p.m);
    if (ready()) {
        lk.unlock();
        notify();
        return;
    }
    p.size = 0;
}

int deferred(std::mutex &m)
{
    std::unique_lock<std::mutex> lk(m, std::defer_lock);
    lk.lock();
    return 1;
}
