from django.urls import path

from vakhta.web.journal import look_views, term_views, views

app_name = "reports"
urlpatterns = [
    path("", views.journal, name="journal"),
    path("looks/", look_views.looks, name="looks"),
    path("terms/", term_views.terms, name="terms"),
    path("acts/<int:pk>.pdf", term_views.act, name="act"),
    path("duty.pdf", views.duty, name="duty"),
    path("blank.pdf", views.blank, name="blank"),
    path("journal.<slug:kind>", views.download, name="download"),
]
