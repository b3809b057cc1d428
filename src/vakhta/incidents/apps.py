from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "vakhta.incidents"
    label = "incidents"
    verbose_name = "Отключения"
    default_auto_field = "django.db.models.BigAutoField"
