"""Cuts Google's discovery document of the YouTube Data API down to the operations that Pregón calls, by name and type, written
as an OpenAPI description, which is what the sandbox reads.

    python3 cut_youtube.py youtube-discovery.json > youtube.json

Stricter than the document, an object has no fields but those that are described. Sending the bytes of a video (`PUT` at the
address of an upload) is not in it: that is Google's protocol of resumable uploads."""

import json
import sys

OPERATIONS = [
    ("videos", "list"),
    ("videos", "insert"),
    ("videos", "update"),
    ("videos", "delete"),
    ("channels", "list"),
    ("playlistItems", "list"),
    ("captions", "list"),
    ("captions", "insert"),
    ("captions", "update"),
    ("captions", "delete"),
    ("captions", "download"),
    ("thumbnails", "set"),
]
# Of these nothing is asked for, and they refer to half of the document.
LEFT_OUT = {
    "ageGating", "brandPartner", "fileDetails", "liveStreamingDetails", "monetizationDetails", "player", "projectDetails",
    "suggestions", "topicDetails", "recordingDetails", "auditDetails", "brandingSettings", "contentOwnerDetails",
    "conversionPings", "localizations", "processingDetails",
}

whole = json.load(open(sys.argv[1]))
wanted, schemas = [], {}


def schema(of):
    if "$ref" in of:
        wanted.append(of["$ref"])
        return {"$ref": "#/components/schemas/" + of["$ref"]}
    kind = of.get("type", "any")
    if kind == "any":
        return {}
    cut = {"type": kind}
    if "enum" in of:
        cut["enum"] = of["enum"]
    if of.get("format") == "date-time":
        cut["format"] = "date-time"
    if kind == "array":
        cut["items"] = schema(of["items"])
    if kind == "object":
        fields = of.get("properties", {})
        cut["properties"] = {name: schema(field) for name, field in fields.items() if name not in LEFT_OUT}
        more = of.get("additionalProperties")
        cut["additionalProperties"] = schema(more) if more else False
    return cut


def parameter(name, of):
    plain = {key: of[key] for key in ("type", "enum", "minimum", "maximum") if key in of}
    for bound in ("minimum", "maximum"):
        if bound in plain:
            plain[bound] = int(plain[bound])
    if of.get("repeated"):
        plain = {"type": "array", "items": plain}
    return {"name": name, "in": of["location"], "required": of.get("required", False), "schema": plain}


paths = {}
for resource, method in OPERATIONS:
    of = whole["resources"][resource]["methods"][method]
    shared = {name: {**one, "location": "query"} for name, one in whole["parameters"].items()}
    parameters = [parameter(name, one) for name, one in {**shared, **of["parameters"]}.items()]
    cut = {"security": [{"oauth2": of["scopes"]}], "parameters": parameters}
    if "request" in of:
        body = {"application/json": {"schema": schema(of["request"])}}
        cut["requestBody"] = {"required": True, "content": body}
    if "response" in of:
        cut["responses"] = {"200": {"content": {"application/json": {"schema": schema(of["response"])}}}}
    path = "/" + of["path"]
    if "mediaUpload" in of:
        # An upload is begun there. That of a video is resumable, and its answer is an address and no video.
        path = of["mediaUpload"]["protocols"]["simple"]["path"]
        if resource == "videos":
            cut.pop("responses")
    paths.setdefault(path, {})[of["httpMethod"].lower()] = cut

while wanted:
    name = wanted.pop()
    if name not in schemas:
        schemas[name] = {}
        schemas[name] = schema(whole["schemas"][name])

json.dump({"revision": whole["revision"], "paths": paths, "components": {"schemas": schemas}}, sys.stdout, indent=1, sort_keys=True)
print()
