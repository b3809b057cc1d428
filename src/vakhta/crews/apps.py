from django.apps import AppConfig


class CrewsConfig(AppConfig):
    name = "vakhta.crews"
    label = "crews"
    verbose_name = "Бригады"
    default_auto_field = "django.db.models.BigAutoField"
