from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "vakhta.tickets"
    label = "tickets"
    verbose_name = "Заявки"
    default_auto_field = "django.db.models.BigAutoField"
