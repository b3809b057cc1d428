"""The API's page, rendered by the server from the OpenAPI document: no foreign script, no inline
style, so it lives under the same Content Security Policy as every other page."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from vakhta.kernel import clock
from vakhta.web.screens import PageView


class Page(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        document = json.loads(json.dumps(api.get_openapi_schema(), default=str))
        context = {
            "page": PageView(title="API", now=clock.now()),
            "about": document["info"],
            "operations": list(_operations(document)),
        }
        return render(request, "api/docs.html", context)


def _operations(document: dict[str, Any]) -> Any:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": operation.get("summary", ""),
                "about": _marked(operation.get("description", "")),
                "parameters": operation.get("parameters", []),
                "body": _fields(document, _body(operation)),
                "answers": _answers(document, operation),
            }


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
    name = schema.get("$ref", "").rpartition("/")[2]
    known = document["components"]["schemas"].get(name, {})
    required = known.get("required", [])
    return [
        {
            "name": field,
            "type": _type(about),
            "about": about.get("description", ""),
            "is_required": field in required,
        }
        for field, about in known.get("properties", {}).items()
    ]


def _type(about: dict[str, Any]) -> str:
    if "enum" in about:
        return " | ".join(str(value) for value in about["enum"])
    if "anyOf" in about:
        return " | ".join(_type(part) for part in about["anyOf"])
    return str(
        about.get("format") or about.get("type") or about.get("$ref", "").rpartition("/")[2] or "объект"
    )
