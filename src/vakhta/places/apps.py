from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "vakhta.places"
    label = "places"
    verbose_name = "Жилищный фонд"
    default_auto_field = "django.db.models.BigAutoField"
