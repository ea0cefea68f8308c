use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn rusty(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("answer", 42)
}
