from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "vakhta.contacts"
    label = "contacts"
    verbose_name = "Обращения"
    default_auto_field = "django.db.models.BigAutoField"
