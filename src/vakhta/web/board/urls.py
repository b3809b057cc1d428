from django.urls import path

from vakhta.web.board import views

app_name = "board"
urlpatterns = [path("", views.board, name="board")]
