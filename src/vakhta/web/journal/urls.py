from django.urls import path

from vakhta.web.journal import views

app_name = "reports"
urlpatterns = [
    path("", views.journal, name="journal"),
    path("duty.pdf", views.duty, name="duty"),
    path("blank.pdf", views.blank, name="blank"),
    path("journal.<slug:kind>", views.download, name="download"),
]
