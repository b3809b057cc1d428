from django.urls import path

from vakhta.web.journal import views

app_name = "reports"
urlpatterns = [
    path("", views.journal, name="journal"),
    path("journal.<slug:kind>", views.download, name="download"),
]
