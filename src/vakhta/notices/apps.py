from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "vakhta.notices"
    label = "notices"
    verbose_name = "Оповещения"
    default_auto_field = "django.db.models.BigAutoField"
