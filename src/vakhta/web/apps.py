from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vakhta.web"
    label = "web"
    verbose_name = "Страницы"
    default_auto_field = "django.db.models.BigAutoField"
