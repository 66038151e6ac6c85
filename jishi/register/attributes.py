"""A category's attributes: from the short form of the catalogue to JSON Schema, and values held against it.  No Django.

The schema is JSON Schema 2020-12.  ``title`` is the Chinese name; ``x-en`` the English one, ``x-labels`` the two names
of each choice, ``x-order`` the order of the form, which PostgreSQL does not keep among keys.  ``required`` names what
completeness counts: a value that is missing is an issue, not an error, as somebody who knows half of a place should
still be able to register it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES = ("text", "integer", "number", "yes_no", "date", "choice")
MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute as a form shows it.  ``choices`` maps a code to its names in Chinese and English."""

    code: str
    type: str
    zh: str
    en: str
    required: bool = False
    least: float | None = None
    most: float | None = None
    choices: Mapping[str, tuple[str, str]] | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that does not fit: which attribute, the rule it breaks (a keyword of JSON Schema), and the bound."""

    code: str
    rule: str
    bound: Any = None


def to_schema(attributes: Iterable[Attribute]) -> dict[str, Any]:
    """The JSON Schema of these attributes."""
    known = list(attributes)
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {attribute.code: _property(attribute) for attribute in known},
        "required": [attribute.code for attribute in known if attribute.required],
        "x-order": [attribute.code for attribute in known],
        "additionalProperties": False,
    }


def from_schema(schema: Mapping[str, Any]) -> list[Attribute]:
    """The attributes of a schema that :func:`to_schema` made, in its order."""
    required, properties = set(schema.get("required", ())), schema.get("properties", {})
    order = schema.get("x-order", list(properties))
    return [_attribute(code, properties[code], code in required) for code in order]


def wrong_values(schema: Mapping[str, Any], values: Mapping[str, Any]) -> list[Wrong]:
    """The values that do not fit the schema; what is missing is not among them."""
    properties = schema.get("properties", {})
    if all(code in properties and _fits_plainly(properties[code], value) for code, value in values.items()):
        return []  # the validator would say the same, at a hundred times the cost
    found = []
    for error in _validator(_Key(schema)).iter_errors(dict(values)):
        if error.validator == "required":
            continue
        if error.validator == "additionalProperties":
            known = schema.get("properties", {})
            found += [Wrong(name, "unknown") for name in values if name not in known]
            continue
        found.append(Wrong(str(error.path[0]) if error.path else "", str(error.validator), error.validator_value))
    return found


def _fits_plainly(rules: Mapping[str, Any], value: Any) -> bool:
    """Whether a value surely fits a property of our own making; False also where only the validator can tell."""
    if "enum" in rules:
        return type(value) is str and value in rules["enum"]
    kind = rules.get("type")
    if kind == "boolean":
        return type(value) is bool
    if kind == "string":
        return type(value) is str and "format" not in rules and len(value) <= rules.get("maxLength", 0)
    if type(value) is int or (kind == "number" and type(value) is float and isfinite(value)):
        return rules.get("minimum", value) <= value <= rules.get("maximum", value) and kind in ("integer", "number")
    return False


def missing(schema: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """The required attributes that have no value."""
    return [code for code in schema.get("required", ()) if values.get(code) in (None, "")]


def read_value(rules: Mapping[str, Any], text: str) -> Any:
    """What a cell or a form's field means for a property; the text itself where it cannot be read.

    Choices may be named by code or by either name; yes and no in Chinese and English.
    """
    text = text.strip()
    if "enum" in rules:
        return _choices(rules).get(text.casefold(), text)
    reader = _READERS.get(str(rules.get("type")), str)
    try:
        return reader(text)
    except (ValueError, KeyError):
        return text


def _yes_no(text: str) -> bool:
    return {
        "是": True, "有": True, "yes": True, "y": True, "true": True, "1": True, "on": True,
        "否": False, "无": False, "没有": False, "no": False, "n": False, "false": False, "0": False,
    }[text.casefold()]  # fmt: skip


def _whole(text: str) -> int:
    number = float(text.replace(",", ""))
    if not number.is_integer():
        raise ValueError(text)
    return int(number)


_READERS: Mapping[str, Any] = {
    "integer": _whole,
    "number": lambda text: float(text.replace(",", "")),
    "boolean": _yes_no,
}


def _choices(rules: Mapping[str, Any]) -> dict[str, str]:
    named: dict[str, str] = {}
    for code in rules["enum"]:
        named[str(code).casefold()] = code
        for name in rules.get("x-labels", {}).get(code, ()):
            named[name.casefold()] = code
    return named


def _property(attribute: Attribute) -> dict[str, Any]:
    rules: dict[str, Any] = {"title": attribute.zh, "x-en": attribute.en}
    if attribute.unit:
        rules["x-unit"] = attribute.unit
    if attribute.type == "choice":
        choices = attribute.choices or {}
        return rules | {"enum": list(choices), "x-labels": {code: list(names) for code, names in choices.items()}}
    if attribute.type == "text":
        return rules | {"type": "string", "maxLength": int(attribute.most or MOST_TEXT)}
    if attribute.type == "date":
        return rules | {"type": "string", "format": "date"}
    if attribute.type == "yes_no":
        return rules | {"type": "boolean"}
    bounds = {"minimum": attribute.least, "maximum": attribute.most}
    return rules | {"type": attribute.type} | {name: value for name, value in bounds.items() if value is not None}


def _attribute(code: str, rules: Mapping[str, Any], required: bool) -> Attribute:
    if "enum" in rules:
        kind = "choice"
    elif rules.get("format") == "date":
        kind = "date"
    else:
        kind = {"string": "text", "boolean": "yes_no"}.get(str(rules.get("type")), str(rules.get("type")))
    labels = rules.get("x-labels", {})
    names = {item: labels.get(item, (item, item)) for item in rules.get("enum", ())}
    return Attribute(
        code, kind, str(rules.get("title", code)), str(rules.get("x-en", code)), required,
        rules.get("minimum"), rules.get("maximum", rules.get("maxLength")),
        {item: (pair[0], pair[1]) for item, pair in names.items()} or None, str(rules.get("x-unit", "")),
    )  # fmt: skip


class _Key:
    """Lets a schema be remembered by what it says."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self._says = repr(schema)

    def __hash__(self) -> int:
        return hash(self._says)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other._says == self._says


@lru_cache(maxsize=512)
def _validator(key: _Key) -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker

    return Draft202012Validator(dict(key.schema), format_checker=FormatChecker())
