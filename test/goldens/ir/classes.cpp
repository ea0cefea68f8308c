namespace outer { namespace {
class Base { protected: int id; public: virtual ~Base() {} };
template <typename T> class Holder : public Base {
public:
    Holder(PyObject *o, int n) : Base(n), object(o), count{0} { Py_INCREF(o); }
    ~Holder();
    Holder &operator=(const Holder &other) { object = other.object; return *this; }
    static Holder *create() { return new Holder(nullptr, 1); }
    PyObject *get() const { return this->object ? object : fallback; }
private:
    PyObject *object;
    int count;
    static PyObject *fallback;
};
template <typename T> Holder<T>::~Holder() { Py_XDECREF(object); id = 0; }
} }

int references(std::vector<int> &v, const char *name)
{
    int &head = v[0];
    auto copy = v;
    head = 3;
    for (auto &x : v)
        x += head;
    for (const auto &[k, e] : pairs(v))
        use(k, e);
    delete[] new int[4];
    return static_cast<int>(v.size()) + int(head) + std::max<int>(1, 2);
}

int handled(py::object o)
{
    try {
        o.attr("x")(1);
        if (auto r = o.cast<int>(); r > 1)
            return r;
        throw std::runtime_error("no");
    } catch (const py::error_already_set &e) {
        e.restore();
        return -1;
    } catch (...) {
        throw;
    }
    return 0;
}

int lambdas(int base, Pool *pool)
{
    static int calls = compute();
    auto add = [base, &calls](int x) { return x + base + calls; };
    auto lock = [&] { std::lock_guard g(pool->m); return base; };
    Point p{1, 2}, q(3, base), r;
    return add(1) + lock();
}

struct Handle {
    PyObject *held;
    operator PyObject *() { return held; }
    operator bool() const;
};

Handle::operator bool() const { return held != nullptr; }
