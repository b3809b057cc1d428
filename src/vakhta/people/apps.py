from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "vakhta.people"
    label = "people"
    verbose_name = "Компании и люди"
    default_auto_field = "django.db.models.BigAutoField"
