#!/usr/bin/env python3
"""Verifies an export of the record against the heads that its organisation has published.

Separate from `verify.py`, which judges decisions and leans on libraries: this is one file that any Python 3 runs, so that a
stranger can read all of it before believing it. Like that one it shares no line with what makes the files. What it trusts is given to it: `record.json`, as anybody can fetch it from the public pages and
keep it. Several of them may be given, for example of several years.

    record.py --heads RECORD.json [--heads OLDER.json …] EXPORT.json…

One line for each export. Exit code 0 if all of them are good, 1 if one is refused, 2 if the question itself is wrong.

An export (`pregon/record/1`) is made of runs. A run holds entries without a gap, up to the head of a day:

- an entry that was asked for has `id seq at subject body salt digest chain`; where its content was lawfully erased, `body`
  and `salt` are null and the digest still stands;
- of one that stands between only `seq at digest` are told, which say nothing of what it holds.

    digest = SHA-256(salt LF body)
    chain  = SHA-256(the chain before LF seq LF at LF digest)

So whoever has the published head has, by it, everything that leads to it.
"""

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path

FORMAT = "pregon/record/1"
GENESIS = "0" * 64

#: A hundred thousand entries; what is larger is something else.
MOST_BYTES = 512 * 1024 * 1024

#: What is checked, in this order; the first that fails is why an export is refused.
CHECKS = {
    "format": "it is not an export of this format",
    "count": "it does not hold as many entries as it says",
    "order": "its entries are not in order, or some are missing between them",
    "content": "what an entry says is not what was sealed",
    "chain": "an entry does not follow from the ones before it",
    "head": "the entries do not lead to the head that they are said to lead to",
    "published": "the organisation has not published the head that the entries lead to",
}


class Refused(Exception):
    """Why an export is refused: one of CHECKS, and where."""

    def __init__(self, reason, where=None):
        super().__init__(CHECKS[reason] + (f" ({where})" if where is not None else ""))
        self.reason = reason


class BadHeads(Exception):
    """The heads that were given are none."""


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(data):
    """Reads JSON as everybody would: no name twice, only whole numbers, not endlessly deep."""

    def once(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    def no(number):
        raise ValueError(f"no such number: {number}")

    def integer(number):
        if number == "-0" or len(number) > 17 or abs(int(number)) >= 2**53:
            no(number)
        return int(number)

    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=no, parse_int=integer, parse_float=no)
    except RecursionError as error:
        raise ValueError("too deep") from error


def matches(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def shape(**members):
    """An object with exactly these members."""
    return lambda value: (
        isinstance(value, dict)
        and value.keys() == members.keys()
        and all(fits(value[name]) for name, fits in members.items())
    )


def either(*options):
    return lambda value: any(option(value) for option in options)


def text(value):
    return isinstance(value, str)


def integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def nothing(value):
    return value is None


identity = matches(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
digest = matches(r"[0-9a-f]{64}")
subject = matches(r"[a-z_]{1,40}")
salt = matches(r"[0-9a-f]{32}")
day = matches(r"\d{4}-\d\d-\d\d")
whole = shape(id=identity, seq=integer, at=integer, subject=subject, body=either(nothing, text), salt=either(nothing, salt), digest=digest, chain=digest)
bare = shape(seq=integer, at=integer, digest=digest)
head_shape = shape(day=day, seq=integer, chain=digest)
run_shape = shape(before=digest, entries=lambda value: isinstance(value, list) and value, head=either(nothing, head_shape))
export_shape = shape(format=lambda value: value == FORMAT, organisation=text, heads=text, export=identity, upto=integer, at=integer, search=lambda value: isinstance(value, dict), entries=integer, runs=lambda value: isinstance(value, list))


# ── Judging ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def sha256(*lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def published(pages):
    """The heads of days in copies of `record.json`: number and chain."""
    heads = set()
    for page in pages:
        try:
            for head in page["days"]:
                if not head_shape(head):
                    raise ValueError("not a head")
                heads.add((head["day"], head["seq"], head["chain"]))
        except (KeyError, TypeError, ValueError) as error:
            raise BadHeads("what was given is not the list of heads that an organisation publishes (record.json)") from error
    return heads


def verify(data, heads):
    """Verifies the bytes of an export. Answers its whole entries and the published heads that they lead to."""

    def check(reason, holds, where=None):
        if not holds:
            raise Refused(reason, where)

    check("format", len(data) <= MOST_BYTES)
    try:
        export = read(data)
    except ValueError as error:
        raise Refused("format") from error
    check("format", export_shape(export) and all(map(run_shape, export["runs"])))
    for run in export["runs"]:
        check("format", all(whole(entry) or bare(entry) for entry in run["entries"]))
    entries = [entry for run in export["runs"] for entry in run["entries"] if "chain" in entry]
    check("count", len(entries) == export["entries"])

    last, reached = 0, []
    for run in export["runs"]:
        first = run["entries"][0]["seq"]
        check("order", first > last, f"entry {first}")
        check("chain", first > 1 or run["before"] == GENESIS, f"entry {first}")
        chain = run["before"]
        for at, entry in enumerate(run["entries"]):
            where = f"entry {entry['seq']}"
            check("order", entry["seq"] == first + at, where)
            if "chain" in entry:
                check("content", (entry["body"] is None) == (entry["salt"] is None), where)
                if entry["body"] is not None:
                    try:
                        sealed = sha256(entry["salt"], entry["body"])
                    except UnicodeEncodeError as error:
                        raise Refused("content", where) from error
                    check("content", sealed == entry["digest"], where)
            chain = sha256(chain, str(entry["seq"]), str(entry["at"]), entry["digest"])
            check("chain", "chain" not in entry or entry["chain"] == chain, where)
            last = entry["seq"]
        head = run["head"]
        check("head", head is not None and (head["seq"], head["chain"]) == (last, chain), f"entry {last}")
        reached.append(head)
    for head in reached:
        check("published", (head["day"], head["seq"], head["chain"]) in heads, head["day"])
    return entries, reached


def main(arguments):
    parser = argparse.ArgumentParser(description="Verifies exports of the record.")
    parser.add_argument("--heads", required=True, action="append", type=Path, help="a copy of the organisation's record.json")
    parser.add_argument("export", nargs="+", type=Path)
    asked = parser.parse_args(arguments)
    try:
        heads = published([read(file.read_bytes()) for file in asked.heads])
    except (OSError, ValueError, BadHeads) as error:
        print(f"cannot verify: {error}", file=sys.stderr)
        return 2
    bad = 0
    for file in asked.export:
        try:
            entries, reached = verify(file.read_bytes(), heads)
        except OSError as error:
            print(f"cannot verify: {error}", file=sys.stderr)
            return 2
        except Refused as refused:
            bad = 1
            print(f"refused: {file}: {refused.reason}: {refused}")
        else:
            erased = sum(entry["body"] is None for entry in entries)
            print(f"good: {file}: {len(entries)} entries ({erased} without content, erased) under {len(reached)} published heads")
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
