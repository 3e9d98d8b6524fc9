"""Cuts x.json out of X's whole description: the operations that we call, what they refer to, no prose.

    python3 cut_x.py x-openapi.json > x.json
"""

import json
import sys

from cut import bare, referred

OPERATIONS = [
    ("post", "/2/tweets"),
    ("get", "/2/tweets/{id}"),
    ("delete", "/2/tweets/{id}"),
    ("get", "/2/users/me"),
    ("get", "/2/users/{id}/tweets"),
    ("post", "/2/media/upload"),
    ("get", "/2/media/upload"),
    ("post", "/2/media/upload/initialize"),
    ("post", "/2/media/upload/{id}/append"),
    ("post", "/2/media/upload/{id}/finalize"),
    ("post", "/2/media/metadata"),
    ("post", "/2/media/subtitles"),
]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        whole = json.load(file)
    components = whole["components"]
    paths = {}
    for method, path in OPERATIONS:
        operation = bare(whole["paths"][path][method])
        answers = operation["responses"].items()
        operation["responses"] = {status: answer for status, answer in answers if status.startswith("2")}
        parameters = []
        for parameter in operation.get("parameters") or []:
            name = parameter.get("$ref", "").removeprefix("#/components/parameters/")
            parameters.append(bare(components["parameters"][name]) if name else parameter)
        operation["parameters"] = parameters
        paths.setdefault(path, {})[method] = operation
    schemas, wanted = {}, referred(paths, set())
    while wanted:
        name = wanted.pop()
        schemas[name] = bare(components["schemas"][name])
        wanted |= referred(schemas[name], set()) - schemas.keys()
    info = {key: whole["info"][key] for key in ("title", "version") if key in whole["info"]}
    cut = {"openapi": whole["openapi"], "info": info, "paths": paths}
    cut["components"] = {"schemas": dict(sorted(schemas.items()))}
    json.dump(cut, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
