#!/usr/bin/env python3
"""Writes registry/directory/known_blocks.json from descriptions of the platform's blocks.

    tools/registry/make_known_blocks.py <folder of *.json> > registry/directory/known_blocks.json

Each input file is an array of blocks. What is kept is what an imported agent needs of a block that
is not installed: its name, its kind and the credentials it asks for.
"""
import json
import pathlib
import sys

CREDENTIALS = ("credentials_provider", "credentials_types", "credentials_scopes", "discriminator",
               "discriminator_mapping", "auto_credentials")
# Where models map to providers, installed plugins bring the table; a copy here would only age.
MAPPING_MAX = 16


def credentials_field(schema):
    field = {key: schema[key] for key in CREDENTIALS if schema.get(key) is not None}
    if len(field.get("discriminator_mapping", {})) > MAPPING_MAX:
        del field["discriminator_mapping"]
    return field


def known_block(block):
    schema = block["inputSchema"]
    fields = {name: credentials_field(value) for name, value in schema["properties"].items()
              if "credentials_provider" in value or "auto_credentials" in value}
    required = [name for name in schema.get("required", []) if name in fields]
    known = {"id": block["id"], "name": block["name"], "uiType": block["uiType"],
             "staticOutput": block["staticOutput"]}
    inputs = {"type": "object", "properties": fields}
    if required:
        inputs["required"] = required
    known["inputSchema"] = inputs
    known["outputSchema"] = {"type": "object", "properties": {}}
    return known


def main():
    blocks = []
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        blocks += [known_block(block) for block in json.loads(path.read_text())]
    blocks.sort(key=lambda block: block["name"])
    lines = (json.dumps(block, separators=(",", ":"), ensure_ascii=False) for block in blocks)
    print("[\n" + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    main()
