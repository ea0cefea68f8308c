//! `#[pymodule(gil_used = false)]` waits for the cache to get a lock.
use pyo3::prelude::*;

/// Words and their lengths.
#[pyo3::pymodule(gil_used = false)] // expect: framework-gil-undeclared
#[pyo3(name = "_words")]
mod words {
    use super::*;

    #[pyfunction]
    fn length<'a>(word: &'a str) -> usize {
        let quote = '"';
        word.trim_matches(quote).len()
    }

    #[pymodule]
    mod tables {
        #[pymodule_export]
        const SIZE: usize = 26;
    }
}
