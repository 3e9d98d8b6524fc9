//! Journeys over HTTP on the real local engine.
