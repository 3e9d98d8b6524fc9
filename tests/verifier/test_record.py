"""The verifier of exports of the record over exports of every kind, good and tampered. The chains are made here, with
none of the verifier's own code: a mistake made twice would prove itself right."""

import contextlib
import copy
import hashlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import record

NOON = 1_795_000_000_000


def hashed(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Chain:
    """An organisation's record: `many` entries a day, on each of the days."""

    def __init__(self, days=("2026-11-26", "2026-11-27", "2026-11-28"), many=4):
        self.entries, self.heads, self.befores = [], [], []
        chain = "0" * 64
        for day in days:
            for _ in range(many):
                seq = len(self.entries) + 1
                body = json.dumps({"actor": {"who": "engine", "job": "tick"}, "n": seq, "text": "La acequia, «núm. 1» 𝕊\n"}, ensure_ascii=False)
                salt = f"{seq:032x}"
                entry = {
                    "id": f"{seq:026}",
                    "seq": seq,
                    "at": NOON + seq,
                    "subject": "publication",
                    "body": body,
                    "salt": salt,
                    "digest": hashed(salt + "\n" + body),
                }
                self.befores.append(chain)
                chain = hashed(f"{chain}\n{seq}\n{entry['at']}\n{entry['digest']}")
                self.entries.append({**entry, "chain": chain})
            self.heads.append({"day": day, "seq": len(self.entries), "chain": chain})

    def page(self):
        return {"version": 1, "name": "Villa", "days": list(reversed(self.heads))}

    def export(self, wanted):
        """What the desk would write for these numbers."""
        runs, left = [], sorted(wanted)
        while left:
            head = next(head for head in self.heads if head["seq"] >= left[0])
            inside = self.entries[left[0] - 1 : head["seq"]]
            bare = lambda entry: {name: entry[name] for name in ("seq", "at", "digest")}
            runs.append({
                "before": self.befores[left[0] - 1],
                "entries": [entry if entry["seq"] in wanted else bare(entry) for entry in copy.deepcopy(inside)],
                "head": dict(head),
            })
            left = [seq for seq in left if seq > head["seq"]]
        return {
            "format": "pregon/record/1",
            "organisation": "Villa",
            "heads": "https://pregon.example/villa/record.json",
            "export": f"{7:026}",
            "upto": len(self.entries),
            "at": NOON,
            "search": {"text": "acequia"},
            "entries": len(wanted),
            "runs": runs,
        }


TOWN, OTHER = Chain(), Chain(many=5)


def changed(export, path, value):
    export = copy.deepcopy(export)
    inner = export
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value(inner[path[-1]]) if callable(value) else value
    return export


def without(export, path):
    export = copy.deepcopy(export)
    inner = export
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return export


def resealed(export, run, at, body):
    """Another body with a digest of its own, and the chain forged on to the end of the run."""
    export = copy.deepcopy(export)
    run = export["runs"][run]
    run["entries"][at].update(body=body, digest=hashed(run["entries"][at]["salt"] + "\n" + body))
    chain = run["before"]
    for entry in run["entries"]:
        chain = hashed(f"{chain}\n{entry['seq']}\n{entry['at']}\n{entry['digest']}")
        if "chain" in entry:
            entry["chain"] = chain
    run["head"]["chain"] = chain
    return export


def erased(export, run, at):
    return changed(changed(export, ["runs", run, "entries", at, "body"], None), ["runs", run, "entries", at, "salt"], None)


ALL = TOWN.export(range(1, 13))
FEW = TOWN.export([2, 3, 10])
ENTRY = ["runs", 0, "entries", 0]

GOOD = {
    "all of it": ALL,
    "a few": FEW,
    "the first only": TOWN.export([1]),
    "the head of a day": TOWN.export([8]),
    "nothing": TOWN.export([]),
    "with an erased content": erased(FEW, 0, 0),
}

TAMPERED = {
    "format": {
        "nothing at all": b"",
        "a receipt": {"format": "pregon/receipt/1"},
        "another format": changed(ALL, ["format"], "pregon/record/2"),
        "a member more": {**ALL, "note": "all of it"},
        "a member twice": (json.dumps(ALL)[:-1] + ',"entries":12}').encode(),
        "an entry without its salt": without(ALL, ENTRY + ["salt"]),
        "an entry without its moment": without(ALL, ENTRY + ["at"]),
        "a moment with a fraction": json.dumps(ALL).replace(f'"at": {NOON + 1},', f'"at": {NOON + 1}.0,').encode(),
        "a run without entries": changed(ALL, ["runs", 0, "entries"], []),
        "a digest in capitals": changed(ALL, ENTRY + ["digest"], str.upper),
        "a body that is no text": changed(ALL, ENTRY + ["body"], json.loads),
    },
    "count": {
        "an entry that was hidden": changed(FEW, ENTRY, lambda entry: {name: entry[name] for name in ("seq", "at", "digest")}),
        "more than there are": changed(FEW, ["entries"], 4),
        "a day that was left out": {**ALL, "runs": ALL["runs"][1:]},
    },
    "order": {
        "two entries changed places": changed(ALL, ["runs", 0, "entries"], lambda all: [all[0], all[2], all[1], all[3]]),
        "one that stands between was left out": without(TOWN.export([1, 4]), ["runs", 0, "entries", 2]),
        "runs changed places": {**ALL, "runs": list(reversed(ALL["runs"]))},
        "a run twice": {**ALL, "entries": 16, "runs": [ALL["runs"][0], *ALL["runs"]]},
        "another number": changed(FEW, ["runs", 0, "entries", 1, "seq"], 4),
    },
    "content": {
        "a word": changed(ALL, ENTRY + ["body"], lambda body: body.replace("acequia", "fuente")),
        "a space": changed(ALL, ENTRY + ["body"], lambda body: body + " "),
        "half a letter": json.dumps(ALL, ensure_ascii=True).replace('\\ud835\\udd4a', '\\ud835', 1).encode(),
        "who did it": changed(ALL, ENTRY + ["body"], lambda body: body.replace("engine", "member")),
        "another salt": changed(ALL, ENTRY + ["salt"], "f" * 32),
        "a content that is shown as erased, with its salt": changed(ALL, ENTRY + ["body"], None),
        "another digest": changed(ALL, ENTRY + ["digest"], "0" * 64),
    },
    "chain": {
        "another moment": changed(ALL, ENTRY + ["at"], NOON),
        "another beginning": changed(FEW, ["runs", 0, "before"], "f" * 64),
        "a genesis of its own": changed(ALL, ["runs", 0, "before"], "f" * 64),
        "another link": changed(ALL, ["runs", 0, "entries", 3, "chain"], "0" * 64),
        "the digest of an erased one": changed(erased(ALL, 0, 0), ENTRY + ["digest"], "0" * 64),
    },
    "head": {
        "no head": changed(ALL, ["runs", 0, "head"], None),
        "another day's head": changed(ALL, ["runs", 0, "head"], TOWN.heads[1]),
        "the moment of one that stands between": changed(FEW, ["runs", 0, "entries", 2, "at"], NOON),
        "the digest of one that stands between": changed(FEW, ["runs", 0, "entries", 2, "digest"], "0" * 64),
        "the last one is missing": changed(without(ALL, ["runs", 2, "entries", 3]), ["entries"], 11),
    },
    "published": {
        "another content, forged to the end": resealed(FEW, 0, 0, '{"n":"another"}'),
        "a record made wholly by somebody else": OTHER.export(range(1, 16)),
        "another day's name": changed(ALL, ["runs", 0, "head", "day"], "2026-11-25"),
        "a day that is not over": None,
    },
}


def written(export):
    return export if isinstance(export, bytes) else json.dumps(export, ensure_ascii=False).encode()


def verdict(export, heads):
    try:
        record.verify(written(export), record.published(heads))
    except record.Refused as refused:
        return refused.reason
    return None


class Exports(unittest.TestCase):
    """One test an export; they are added below."""

    def test_every_check_refuses_something(self):
        self.assertEqual(set(TAMPERED), set(record.CHECKS))
        self.assertGreaterEqual(sum(map(len, TAMPERED.values())), 30)

    def test_any_letter_that_is_changed_in_what_was_sealed_is_noticed(self):
        data = written(FEW)
        start = data.index(b'"runs"') + 9
        noticed = 0
        for at in range(start, len(data) - 3, 7):
            letter = b"A" if data[at : at + 1] != b"A" else b"B"
            other = data[:at] + letter + data[at + 1 :]
            try:
                same = json.loads(other) == json.loads(data)
            except ValueError:
                same = False
            # What it is called and under which name it is filed is not sealed: its body says what it is.
            loose = any(data.rfind(name, 0, at) > data.rfind(b'", "', 0, at) - 1 for name in (b'"subject": "', b'"id": "'))
            if not same and not loose:
                noticed += 1
                self.assertIsNotNone(verdict(other, [TOWN.page()]), at)
        self.assertGreater(noticed, 100)

    def test_heads_of_several_copies_count_together(self):
        old, new = TOWN.page(), TOWN.page()
        old["days"], new["days"] = old["days"][1:], new["days"][:1]
        self.assertEqual(verdict(ALL, [new]), "published")
        self.assertIsNone(verdict(ALL, [new, old]))

    def test_the_command_says_it_and_exits_with_it(self):
        with tempfile.TemporaryDirectory() as folder:
            file = lambda name, value: Path(folder, name).write_bytes(written(value)) and str(Path(folder, name))
            heads, good, bad = file("record.json", TOWN.page()), file("good.json", FEW), file("bad.json", TAMPERED["content"]["a word"])
            for arguments, code, word in [
                ([good], 0, "good"),
                ([good, bad], 1, "refused"),
                ([str(Path(folder, "none.json"))], 2, ""),
            ]:
                said = io.StringIO()
                with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
                    self.assertEqual(record.main(["--heads", heads, *arguments]), code)
                self.assertIn(word, said.getvalue())
            with contextlib.redirect_stderr(io.StringIO()):
                self.assertEqual(record.main(["--heads", good, good]), 2)


def one(export, heads, wanted):
    return lambda self: self.assertEqual(verdict(export, heads), wanted)


for number, (name, export) in enumerate(GOOD.items()):
    test = one(export, [TOWN.page()], None)
    test.__doc__ = f"good: {name}"
    setattr(Exports, f"test_good_{number:02}", test)

for reason, cases in TAMPERED.items():
    for number, (name, export) in enumerate(cases.items()):
        # The last day's published head has moved on since.
        unfinished = {**TOWN.page(), "days": TOWN.page()["days"][1:]}
        test = one(ALL, [unfinished], reason) if export is None else one(export, [TOWN.page()], reason)
        test.__doc__ = f"{reason}: {name}"
        setattr(Exports, f"test_{reason}_{number:02}", test)


if __name__ == "__main__":
    unittest.main()
