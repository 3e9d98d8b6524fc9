"""A copy of an organisation by somebody else's hand: Python's own zip, which knows nothing of ours.

`bundled.py told FILE` tells in JSON what is in one, after each file was held against the manifest. `bundled.py tampered FILE TO` writes one in
which a post says something else. `bundled.py other FILE TO` writes one of another organisation: every identity is another, for a deployment
takes none twice; what was sealed over the old ones, the record, is left out.
"""

import hashlib
import json
import re
import secrets
import sys
import zipfile

IDENTITY = re.compile(r"(?<![0-9a-z])(?!0{10})[0-9a-hjkmnp-tv-z]{26}(?![0-9a-z])")
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def read(path):
    with zipfile.ZipFile(path) as file:
        broken = file.testzip()
        assert broken is None, broken
        return {name: file.read(name) for name in file.namelist()}


def write(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for name, data in files.items():
            file.writestr(name, data)


def told(path):
    files = read(path)
    manifest = json.loads(files["manifest.json"])
    rows = {}
    for one in manifest["files"]:
        data = files[one["name"]]
        assert hashlib.sha256(data).hexdigest() == one["hash"] and len(data) == one["bytes"], one
        if one["name"].startswith("tables/"):
            lines = [json.loads(line) for line in data.decode().split("\n")[:-1]]
            assert len(lines) == one["rows"], one
            rows[one["name"][7:-6]] = len(lines)
    objects = [name for name in files if name.startswith("media/")]
    for name in objects:
        assert hashlib.sha256(files[name]).hexdigest() == name[6:], name
    assert len(objects) == manifest["objects"]
    chain, seq = "0" * 64, 0
    for line in files["tables/record.jsonl"].decode().split("\n")[:-1]:
        entry = json.loads(line)
        digest = hashlib.sha256(f"{entry['salt']}\n{entry['body']}".encode()).hexdigest()
        seq += 1
        chain = hashlib.sha256(f"{chain}\n{seq}\n{entry['at']}\n{digest}".encode()).hexdigest()
        assert (entry["seq"], entry["digest"], entry["chain"]) == (seq, digest, chain), entry
    assert manifest["head"] == ({"seq": seq, "chain": chain} if seq else None)
    return {
        "format": manifest["format"],
        "name": manifest["organisation"]["name"],
        "rows": rows,
        "objects": len(objects),
        "page": files["index.html"].decode(),
        "table": files["posts.csv"].decode("utf-8-sig"),
    }


def tampered(path, to):
    files = read(path)
    files["tables/post.jsonl"] = files["tables/post.jsonl"].replace(b"Pozo", b"Roza")
    write(to, files)


def other(path, to):
    files, named = read(path), {}

    def another(found):
        return named.setdefault(found[0], found[0][:10] + "".join(secrets.choice(LETTERS) for _ in range(16)))

    manifest = json.loads(IDENTITY.sub(another, files["manifest.json"].decode()))
    manifest["head"] = None
    for one in manifest["files"]:
        name = one["name"]
        if name in ("tables/record.jsonl", "tables/chain_day.jsonl"):
            files[name], one["rows"] = b"", 0
        elif name.startswith("tables/"):
            files[name] = IDENTITY.sub(another, files[name].decode()).encode()
        one["bytes"], one["hash"] = len(files[name]), hashlib.sha256(files[name]).hexdigest()
    files["manifest.json"] = json.dumps(manifest).encode()
    write(to, files)


if __name__ == "__main__":
    what, *paths = sys.argv[1:]
    if what == "told":
        print(json.dumps(told(*paths)))
    else:
        {"tampered": tampered, "other": other}[what](*paths)
