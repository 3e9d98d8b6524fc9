"""Cuts linkedin.json out of a foreign description of LinkedIn's interface, which is many files: the operations that we call, what
they refer to, no prose. Where a body is described by one example alone, its names and types are what is kept; every path begins
with the `/rest` that half of the files leave out. Needs PyYAML.

    python3 cut_linkedin.py FOLDER > linkedin.json
"""

import json
import pathlib
import sys

import yaml

from cut import bare, referred

# In which file (`linkedin-…-api-openapi.yml`), under which path there, under which path here.
OPERATIONS = [
    ("use-cases-document-ad", "post", "/posts", "/rest/posts"),
    ("use-cases-image-ad", "get", "/rest/posts", "/rest/posts"),
    ("use-cases-posts", "get", "/posts/{encoded ugcPostUrn|shareUrn}", "/rest/posts/{post}"),
    ("use-cases-posts", "delete", "/posts/{encoded ugcPostUrn|shareUrn}", "/rest/posts/{post}"),
    ("use-cases-posts", "post", "/posts/{shared ID}/{ugcPosts ID}", "/rest/posts/{shared ID}/{ugcPosts ID}"),
    ("use-cases-image-ad", "post", "/images", "/rest/images"),
    ("use-cases-document-ad", "get", "/rest/images", "/rest/images"),
    ("use-cases-image-ad", "get", "/rest/images/{image_urn}", "/rest/images/{image_urn}"),
    ("use-cases-organization-access-controls", "get", "/organizationAcls", "/rest/organizationAcls"),
    ("organizations", "get", "/rest/dmaOrganizations", "/rest/dmaOrganizations"),
    ("organizations", "get", "/rest/dmaOrganizations/{organizationId}", "/rest/dmaOrganizations/{organizationId}"),
    ("feed-content", "get", "/rest/dmaPosts", "/rest/dmaPosts"),
    ("authentication", "post", "/oauth/v2/accessToken", "/oauth/v2/accessToken"),
]


def of_example(value):
    """The names and types of an example."""
    if isinstance(value, dict):
        fields = {name: of_example(inner) for name, inner in value.items()}
        return {"type": "object", "properties": fields, "additionalProperties": False}
    if isinstance(value, list):
        return {"type": "array"}
    return {"type": {bool: "boolean", int: "integer", str: "string"}[type(value)]}


def schema(name, schemas):
    """A schema; one that is only an example in a text is read out of it."""
    said = schemas[name]
    if said.get("type") == "string" and "example" in said:
        return of_example(json.loads(json.loads(said["example"])))
    return bare(said)


def main():
    folder = pathlib.Path(sys.argv[1])
    paths, schemas = {}, {}
    for file, method, there, here in OPERATIONS:
        whole = yaml.safe_load((folder / f"linkedin-{file}-api-openapi.yml").read_text(encoding="utf-8"))
        components, said = whole["components"], whole["paths"][there][method]
        operation = {"parameters": []}
        for parameter in said.get("parameters") or []:
            name = parameter.get("$ref", "").removeprefix("#/components/parameters/")
            operation["parameters"].append(bare(components["parameters"][name] if name else parameter))
        if "requestBody" in said:
            content = bare(said["requestBody"]["content"])
            types = {mime.replace("*/*", "application/json"): body for mime, body in content.items()}
            operation["requestBody"] = {"required": True, "content": types}
        answers = {status: bare(answer) for status, answer in said["responses"].items() if status.startswith("2")}
        operation["responses"] = answers
        paths.setdefault(here, {})[method] = operation
        wanted = referred(operation, set())
        while wanted:
            name = wanted.pop()
            schemas[name] = schema(name, components["schemas"])
            wanted |= referred(schemas[name], set()) - schemas.keys()
    cut = {"openapi": "3.1.0", "info": {"title": "LinkedIn"}, "paths": paths}
    cut["components"] = {"schemas": dict(sorted(schemas.items()))}
    json.dump(cut, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
