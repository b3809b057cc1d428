from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "vakhta.imports"
    label = "imports"
    verbose_name = "Загрузка таблиц"
    default_auto_field = "django.db.models.BigAutoField"
