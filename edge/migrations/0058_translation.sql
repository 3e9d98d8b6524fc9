-- Which translations of a post are older than what they were made from, and what that said then (`domain::translation`). A fact beside
-- the content: nothing of it is said to anybody, so nobody agrees to it. None where every one is up to date, as of nearly all posts.
ALTER TABLE post ADD COLUMN behind TEXT; -- JSON of domain::translation::Behind
