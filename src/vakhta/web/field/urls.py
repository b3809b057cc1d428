from django.urls import path

from vakhta.web.field import views

app_name = "field"
urlpatterns = [
    path("", views.orders, name="orders"),
    path("worker.js", views.worker, name="worker"),
    path("no-network/", views.no_network, name="no_network"),
    path("<int:pk>/", views.order, name="order"),
    path("<int:pk>/<slug:move>/", views.move, name="move"),
]
