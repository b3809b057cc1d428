"""Every address of the service. Names are `room:page`."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from vakhta.web.api.urls import api
from vakhta.web.security import oidc

handler400 = "vakhta.web.guard.bad_request"
handler404 = "vakhta.web.guard.not_found"
handler500 = "vakhta.web.guard.failed"

urlpatterns = [
    path("", include("vakhta.web.public.urls")),
    path("sign-in/<str:provider_id>/callback/", oidc.callback, name="openid_connect_callback"),
    path("security/", include("vakhta.web.security.urls")),
    path("", include("vakhta.web.health.urls")),
    path("console/", include("vakhta.web.console.urls")),
    path("board/", include("vakhta.web.board.urls")),
    path("field/", include("vakhta.web.field.urls")),
    path("z/", include("vakhta.web.cabinet.urls")),
    path("tickets/", include("vakhta.web.lists.urls")),
    path("stock/", include("vakhta.web.stock.urls")),
    path("outages/", include("vakhta.web.outages.urls")),
    path("offices/", include("vakhta.web.offices.urls")),
    path("shifts/", include("vakhta.web.shifts.urls")),
    path("indicators/", include("vakhta.web.indicators.urls")),
    path("journal/", include("vakhta.web.journal.urls")),
    path("api/v1/", api.urls),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/", include("vakhta.web.demo.urls")),
        path("demo/gallery/", include("vakhta.web.gallery.urls")),
    ]
