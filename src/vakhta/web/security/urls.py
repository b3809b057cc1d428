from django.urls import path

from vakhta.web.security import views

app_name = "security"
urlpatterns = [
    path("", views.home, name="home"),
    path("confirm/", views.confirm, name="confirm"),
    path("password/", views.password, name="password"),
    path("codes/", views.totp, name="totp"),
    path("codes/drop/", views.drop_totp, name="drop_totp"),
    path("recovery/", views.recovery, name="recovery"),
    path("passkeys/", views.passkey, name="passkey"),
    path("passkeys/options/", views.passkey_options, name="passkey_options"),
    path("passkeys/<int:pk>/drop/", views.drop_passkey, name="drop_passkey"),
    path("work/<int:pk>/", views.seat, name="seat"),
    path("sessions/end/", views.end_others, name="end_others"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
]
