from django.urls import path

from vakhta.web.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.people, name="people"),
    path("as/<int:pk>/", views.sign_in_as, name="sign_in_as"),
    path("resident/", views.resident, name="resident"),
    path("mail/", views.mail, name="mail"),
]
