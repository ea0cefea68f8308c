use pyo3::prelude::*;
use pyo3::wrap_pymodule;

#[pymodule]
fn inner(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("answer", 42)
}

#[cfg_attr(feature = "python", pymodule)]
pub fn rusty(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.gil_used(false)?;
    m.add_wrapped(wrap_pymodule!(inner))
}
