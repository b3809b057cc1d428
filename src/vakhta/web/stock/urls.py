from django.urls import path

from vakhta.web.stock import views

app_name = "stock"
urlpatterns = [
    path("import/", views.imports, name="imports"),
    path("import/sample.csv", views.sample, name="sample"),
    path("import/<int:pk>/", views.run, name="run"),
    path("import/<int:pk>/look/", views.look, name="look"),
    path("import/<int:pk>/load/", views.load, name="load"),
    path("import/<int:pk>/stop/", views.stop, name="stop"),
    path("import/<int:pk>/drop/", views.drop, name="drop"),
    path("import/<int:pk>/wrong.csv", views.wrong, name="wrong"),
]
