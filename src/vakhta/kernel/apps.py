from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "vakhta.kernel"
    label = "kernel"
    verbose_name = "Ядро"
    default_auto_field = "django.db.models.BigAutoField"
