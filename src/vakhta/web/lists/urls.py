from django.urls import path

from vakhta.crews.bulk import VERBS
from vakhta.web.lists import bulk_views, view_views, views

app_name = "lists"
urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("count/", views.count, name="count"),
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/contacts.<slug:kind>", views.contacts_download, name="contacts_download"),
    path("tickets.<slug:kind>", views.download, name="download"),
    path("views/", view_views.keep, name="keep_view"),
    path("views/<int:pk>/rename/", view_views.rename, name="rename_view"),
    path("views/<int:pk>/replace/", view_views.replace, name="replace_view"),
    path("views/<int:pk>/default/", view_views.default, name="default_view"),
    path("views/<int:pk>/share/", view_views.share, name="share_view"),
    path("views/<int:pk>/unshare/", view_views.unshare, name="unshare_view"),
    path("views/<int:pk>/remove/", view_views.remove, name="remove_view"),
    path("views/<int:pk>/restore/", view_views.restore, name="restore_view"),
    *(path(f"bulk/{what.replace('_', '-')}/", bulk_views.act(what), name=f"bulk_{what}") for what in VERBS),
    path("bulk/tickets.pdf", bulk_views.print_pdf, name="bulk_print"),
    path("bulk/<int:pk>/", bulk_views.run, name="run"),
    path("bulk/<int:pk>/go/", bulk_views.go, name="go"),
    path("bulk/<int:pk>/stop/", bulk_views.stop, name="stop"),
    path("bulk/<int:pk>/resume/", bulk_views.resume, name="resume"),
    path("bulk/<int:pk>/undo/", bulk_views.undo, name="undo"),
]
