"""The page of formats: every field of every JSON Schema in a table, made from the schemas alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

HEAD = """# Formats

Every field of the files and messages that refopt writes and reads. Made from the JSON Schemas by `refopt golden build`: change the schema, not this page.
A name with dots is a field of a field, `[]` an entry of a list, `*` any name; `?` marks what may be absent.
"""


def page(schemas: Mapping[str, Mapping[str, Any]]) -> str:
    """The page; `schemas` are by the name of their file."""
    return "\n".join([HEAD, *(line for file, schema in schemas.items() for line in _chapter(file, schema))])


def _chapter(file: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"## {schema['title']}", "", f"[`{file}`]({file})", "")
    definitions = schema.get("$defs", {})
    if any("properties" in x or "oneOf" in x for x in definitions.values()) and "properties" not in schema:
        for name, message in definitions.items():
            yield from (f"### {name}: {message['description']}", "", *_table(message, definitions), "")
    else:
        yield from (*_table(schema, definitions), "")


def _table(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    yield from ("| field | type | is |", "|---|---|---|")
    seen: set[str] = set()
    for name, field, required in _fields(schema, ""):
        row = f"| `{name}`{'' if required else ' ?'} | {_type(field)} | {field['description']} |"
        if row not in seen:
            seen.add(row)
            yield row


def _fields(schema: Mapping[str, Any], at: str) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """The fields of an object and of the objects in it, each where it stands, and whether it must be there."""
    for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from _fields(choice, at)
    for name, field in schema.get("properties", {}).items():
        place = f"{at}.{name}" if at else name
        yield place, field, name in schema.get("required", ())
        yield from _fields(field, place)
    if isinstance(items := schema.get("items"), Mapping):
        yield from _fields(items, f"{at}[]")
    if isinstance(values := schema.get("additionalProperties"), Mapping):
        yield from _fields(values, f"{at}.*")


def _type(field: Mapping[str, Any]) -> str:
    if "const" in field:
        return f"`{field['const']}`".replace("True", "true")
    if "enum" in field:
        return ", ".join(f"`{x}`" for x in field["enum"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if choices := (*field.get("oneOf", ()), *field.get("anyOf", ())):
        return " or ".join(dict.fromkeys(map(_type, choices)))
    kind = field.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {_type(field['items'])}" if isinstance(field.get("items"), Mapping) else "list"
    if kind == "object" and isinstance(values := field.get("additionalProperties"), Mapping):
        return f"object of {_type(values)}"
    return "decimal" if kind == "string" and "inf" in field.get("pattern", "") else str(kind)
