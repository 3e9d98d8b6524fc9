"""Cuts mastodon.json out of the whole description: the operations that we call, what they refer to, no prose.

    python3 cut.py schema.json > mastodon.json
"""

import json
import sys

OPERATIONS = [
    ("post", "/api/v1/apps"),
    ("get", "/oauth/authorize"),
    ("post", "/oauth/token"),
    ("post", "/oauth/revoke"),
    ("get", "/api/v1/accounts/verify_credentials"),
    ("get", "/api/v1/accounts/{id}/statuses"),
    ("get", "/api/v1/instance"),
    ("get", "/api/v2/instance"),
    ("post", "/api/v2/media"),
    ("get", "/api/v1/media/{id}"),
    ("post", "/api/v1/statuses"),
    ("get", "/api/v1/statuses/{id}"),
    ("put", "/api/v1/statuses/{id}"),
    ("delete", "/api/v1/statuses/{id}"),
    ("get", "/api/v1/statuses/{id}/source"),
    ("get", "/api/v1/statuses/{id}/history"),
]

# The documentation's own words, and what a check has no use for.
PROSE = {"description", "summary", "example", "examples", "externalDocs", "tags", "operationId", "deprecated", "headers"}


def bare(node, is_named=False):
    """Without prose. Below `properties` and `schemas` the keys are names, and a name may be `description`."""
    if isinstance(node, list):
        return [bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = node.items() if is_named else [(k, v) for k, v in node.items() if k not in PROSE and not k.startswith("x-")]
    return {key: bare(value, key in ("properties", "schemas") and not is_named) for key, value in kept}


def referred(node, found):
    """The names of the schemas that a node refers to."""
    if isinstance(node, list):
        for item in node:
            referred(item, found)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                found.add(value.removeprefix("#/components/schemas/"))
            else:
                referred(value, found)
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        whole = json.load(file)
    paths = {}
    for method, path in OPERATIONS:
        operation = bare(whole["paths"][path][method])
        answers = operation["responses"].items()
        operation["responses"] = {status: answer for status, answer in answers if status.startswith("2")}
        for answer in operation["responses"].values():
            answer.pop("links", None)
        paths.setdefault(path, {})[method] = operation
    schemas, wanted = {}, referred(paths, set())
    while wanted:
        name = wanted.pop()
        schemas[name] = bare(whole["components"]["schemas"][name])
        wanted |= referred(schemas[name], set()) - schemas.keys()
    info = {key: whole["info"][key] for key in ("title", "version", "license")}
    cut = {"openapi": whole["openapi"], "info": info, "paths": paths}
    cut["components"] = {"schemas": dict(sorted(schemas.items()))}
    json.dump(cut, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
