from django.urls import path

from vakhta.web.lists import views

app_name = "lists"
urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/contacts.<slug:kind>", views.contacts_download, name="contacts_download"),
    path("tickets.<slug:kind>", views.download, name="download"),
]
