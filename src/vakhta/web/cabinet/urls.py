from django.urls import path

from vakhta.web.cabinet import views

app_name = "cabinet"
urlpatterns = [
    path("<str:token>/", views.ticket, name="ticket"),
    path("<str:token>/confirm/", views.confirm, name="confirm"),
    path("<str:token>/return/", views.give_back, name="return"),
    path("<str:token>/rate/", views.rate, name="rate"),
]
