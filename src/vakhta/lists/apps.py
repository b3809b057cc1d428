from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "vakhta.lists"
    label = "lists"
    verbose_name = "Отборы списков"
    default_auto_field = "django.db.models.BigAutoField"
