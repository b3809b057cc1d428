from django.urls import path

from vakhta.web.stock import duty_views, house_views, views

app_name = "stock"
urlpatterns = [
    path("", house_views.houses, name="houses"),
    path("house/<int:pk>/", house_views.house, name="house"),
    path("house/<int:pk>/change/", house_views.change_house, name="change_house"),
    path("house/<int:pk>/flats/", house_views.add_flats, name="add_flats"),
    path("house/<int:pk>/access/", house_views.add_note, name="add_note"),
    path("house/<int:pk>/access/<int:note>/drop/", house_views.drop_note, name="drop_note"),
    path("flat/<int:pk>/", house_views.flat, name="flat"),
    path("flat/<int:pk>/change/", house_views.change_flat, name="change_flat"),
    path("flat/<int:pk>/accounts/", house_views.add_account, name="add_account"),
    path("account/<int:pk>/drop/", house_views.drop_account, name="drop_account"),
    path("flat/<int:pk>/people/", house_views.add_person, name="add_person"),
    path("flat/<int:pk>/people/<int:person>/", house_views.change_person, name="change_person"),
    path("flat/<int:pk>/people/<int:person>/drop/", house_views.drop_person, name="drop_person"),
    path("duty/", duty_views.duty, name="duty"),
    path("duty/add/<slug:kind>/", duty_views.add, name="add_duty"),
    path("duty/<int:pk>/change/", duty_views.change, name="change_duty"),
    path("duty/<int:pk>/move/<slug:way>/", duty_views.move, name="move_duty"),
    path("duty/<int:pk>/drop/", duty_views.drop, name="drop_duty"),
    path("duty/<int:pk>/restore/", duty_views.restore, name="restore_duty"),
    path("import/", views.imports, name="imports"),
    path("import/sample.csv", views.sample, name="sample"),
    path("import/sample-tickets.csv", views.sample_tickets, name="sample_tickets"),
    path("import/<int:pk>/", views.run, name="run"),
    path("import/<int:pk>/look/", views.look, name="look"),
    path("import/<int:pk>/load/", views.load, name="load"),
    path("import/<int:pk>/stop/", views.stop, name="stop"),
    path("import/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("import/<int:pk>/drop/", views.drop, name="drop"),
    path("import/<int:pk>/wrong.csv", views.wrong, name="wrong"),
]
