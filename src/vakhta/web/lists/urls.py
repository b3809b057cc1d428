from django.urls import path

from vakhta.web.lists import views

app_name = "lists"
urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("tickets.<slug:kind>", views.download, name="download"),
]
