-- Which part of a thread an act is of, from 1. What is no thread has one part.
ALTER TABLE act ADD COLUMN part INTEGER NOT NULL DEFAULT 1;
