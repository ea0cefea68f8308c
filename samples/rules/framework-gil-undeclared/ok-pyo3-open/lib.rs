use pyo3::prelude::*;

#[pymodule]
fn rusty(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("answer", 42)
}
