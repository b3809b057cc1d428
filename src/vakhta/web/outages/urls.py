from django.urls import path

from vakhta.web.outages import lift_views, views

app_name = "outages"
urlpatterns = [
    path("", views.outages, name="outages"),
    path("new/", views.new, name="new"),
    path("preview/", views.preview, name="preview"),
    path("houses/", views.houses, name="houses"),
    path("lifts/", lift_views.lifts, name="lifts"),
    path("lifts/<int:pk>/stop/", lift_views.stop, name="stop_lift"),
    path("lifts/<int:pk>/start/", lift_views.start, name="start_lift"),
    path("<int:pk>/prolong/", views.prolong, name="prolong"),
    path("<int:pk>/end/", views.end, name="end"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/take-back/", views.take_back, name="take_back"),
]
