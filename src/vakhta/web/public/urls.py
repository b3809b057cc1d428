from django.urls import path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from vakhta.web.public import classifier_views, norm_views, rights_views, views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", require_POST(set_language), name="language"),
    path("rights/", rights_views.rights, name="rights"),
    path("classifier/", classifier_views.classifier, name="classifier"),
    path("classifier/<str:code>/", classifier_views.entry, name="entry"),
    path("classifier/<str:code>/edit/", classifier_views.edit, name="edit_entry"),
    path("norms/", norm_views.norms, name="norms"),
    path("norms/<str:code>/correct/", norm_views.correct_norm, name="correct_norm"),
    path("norms/<str:code>/promise/", norm_views.promise_norm, name="promise_norm"),
]
