"""Addresses of the gallery, put under `/demo/gallery/` by the demo."""

from django.urls import path

from vakhta.web.gallery import views

app_name = "gallery"
urlpatterns = [
    path("", views.index, name="index"),
    path("fragment/<slug:name>/", views.fragment, name="fragment"),
    path("<slug:name>/", views.page, name="page"),
]
