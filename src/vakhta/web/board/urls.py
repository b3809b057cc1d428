from django.http import HttpResponse
from django.urls import path
app_name = "board"
urlpatterns = [path("", lambda r: HttpResponse("x"), name="board")]
