"""The API's page, rendered by the server from the OpenAPI document: no foreign script, no inline
style, so it lives under the same Content Security Policy as every other page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from vakhta.kernel import clock
from vakhta.web.screens import PageView


class Page(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        document = _document(api)
        context = {
            "page": PageView(title="API", now=clock.now()),
            "about": {**document["info"], "description": _said(document["info"], "description")},
            "operations": list(_operations(document)),
        }
        return render(request, "api/docs.html", context)


def texts(api: NinjaAPI) -> Iterator[str]:
    """What the page says in the reader's language; the document itself, as partners' programs read it,
    is Russian."""
    document = _document(api)
    yield document["info"]["description"]
    for methods in document["paths"].values():
        for operation in methods.values():
            said = (operation, *operation.get("parameters", []), *_known(document, _body(operation)).values())
            for part in said:
                yield from (part[kind] for kind in ("summary", "description") if part.get(kind))


def _document(api: NinjaAPI) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return document


def _operations(document: dict[str, Any]) -> Any:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": _said(operation, "summary"),
                "about": _marked(_said(operation, "description")),
                "parameters": [
                    {**part, "description": _said(part, "description")}
                    for part in operation.get("parameters", [])
                ],
                "body": _fields(document, _body(operation)),
                "answers": _answers(document, operation),
            }


def _said(part: dict[str, Any], kind: str) -> str:
    text = part.get(kind, "")
    return _(text) if text else ""  # gettext answers an empty text with the catalogue's header


def _marked(text: str) -> list[tuple[bool, str]]:
    """(is code, words) of a text with `code` between grave accents."""
    return [(place % 2 == 1, part) for place, part in enumerate(text.split("`"))]


def _answers(document: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Answers with the same fields stand together: «200, 201» and all refusals."""
    found: dict[str, dict[str, Any]] = {}
    for code, answer in sorted(operation["responses"].items()):
        fields = _fields(document, _content(answer))
        key = ",".join(field["name"] for field in fields)
        found.setdefault(key, {"codes": [], "fields": fields})["codes"].append(str(code))
    return [{"codes": ", ".join(answer["codes"]), "fields": answer["fields"]} for answer in found.values()]


def _body(operation: dict[str, Any]) -> dict[str, Any]:
    return _content(operation.get("requestBody", {}))


def _content(part: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = part.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = _schema(document, schema).get("required", [])
    return [
        {
            "name": field,
            "type": _type(about),
            "about": _said(about, "description"),
            "is_required": field in required,
        }
        for field, about in _known(document, schema).items()
    ]


def _known(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Field → what the document says of it."""
    fields: dict[str, dict[str, Any]] = _schema(document, schema).get("properties", {})
    return fields


def _schema(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"].get(name, {})
    return found


def _type(about: dict[str, Any]) -> str:
    if "enum" in about:
        return " | ".join(str(value) for value in about["enum"])
    if "anyOf" in about:
        return " | ".join(_type(part) for part in about["anyOf"])
    return str(
        about.get("format") or about.get("type") or about.get("$ref", "").rpartition("/")[2] or "объект"
    )
