"""Pages of the gallery. Only the demo has their addresses."""

from __future__ import annotations

import dataclasses

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from vakhta.kernel import clock
from vakhta.web.gallery.pages import FRAGMENTS, PAGES


def index(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/index.html", {"names": tuple(PAGES)})


def page(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PAGES:
        raise Http404
    template, make = PAGES[name]
    context = make(clock.now())
    theme = request.COOKIES.get("vakhta_theme", "")
    context["page"] = dataclasses.replace(context["page"], theme=theme if theme in ("light", "dark") else "")
    return render(request, template, context)


@csrf_exempt
def fragment(request: HttpRequest, name: str) -> HttpResponse:
    if name not in FRAGMENTS:
        raise Http404
    template, make = FRAGMENTS[name]
    return render(request, template, make(clock.now()))
