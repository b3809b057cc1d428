from django.urls import path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from vakhta.web.public import classifier_views, norm_views, password_views, rights_views, sign_in_views, views
from vakhta.web.security import oidc

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", sign_in_views.sign_in, name="sign_in"),
    path("sign-in/second/", sign_in_views.second_step, name="second_step"),
    path("sign-in/passkey/", sign_in_views.passkey, name="passkey"),
    path("sign-in/passkey/options/", sign_in_views.passkey_options, name="passkey_options"),
    path("sign-in/lost/", password_views.lost, name="lost_password"),
    path("sign-in/new/<str:token>/", password_views.new, name="new_password"),
    path("sign-in/oidc/", oidc.start, name="oidc"),
    path("sign-out/", sign_in_views.sign_out, name="sign_out"),
    path("language/", require_POST(set_language), name="language"),
    path("rights/", rights_views.rights, name="rights"),
    path("classifier/", classifier_views.classifier, name="classifier"),
    path("classifier/<str:code>/", classifier_views.entry, name="entry"),
    path("classifier/<str:code>/edit/", classifier_views.edit, name="edit_entry"),
    path("norms/", norm_views.norms, name="norms"),
    path("norms/<str:code>/correct/", norm_views.correct_norm, name="correct_norm"),
    path("norms/<str:code>/promise/", norm_views.promise_norm, name="promise_norm"),
]
