//! Posts: rows, lists, the unit of work of a step.
