from django.apps import AppConfig


class ShiftsConfig(AppConfig):
    name = "vakhta.shifts"
    label = "shifts"
    verbose_name = "Смены"
    default_auto_field = "django.db.models.BigAutoField"
