from django.urls import path

from vakhta.web.outages import views

app_name = "outages"
urlpatterns = [
    path("", views.outages, name="outages"),
    path("new/", views.new, name="new"),
    path("preview/", views.preview, name="preview"),
    path("houses/", views.houses, name="houses"),
    path("<int:pk>/prolong/", views.prolong, name="prolong"),
    path("<int:pk>/end/", views.end, name="end"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/take-back/", views.take_back, name="take_back"),
]
