from django.urls import path

from vakhta.web.health import views

app_name = "health"
urlpatterns = [
    path("health", views.ready, name="ready"),
    path("health/ready", views.ready, name="ready_too"),
    path("health/live", views.live, name="live"),
    path("metrics", views.metrics, name="metrics"),
]
