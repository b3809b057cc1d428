from django.urls import path

from vakhta.web.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.indicators, name="indicators"),
    path("staffing/", views.staffing, name="staffing"),
    path("indicators.<slug:kind>", views.download, name="download"),
]
