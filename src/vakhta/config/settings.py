"""Django settings, made of `options`. Nothing is decided here that an administrator would change."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

from vakhta.config.logs import logging_settings
from vakhta.config.options import read_options

gc.set_threshold(20_000, 10, 10)
"""What we make is freed when nobody holds it any more: a search for circles after every 700 objects was a tenth of the
processor's work, of the service's as of the tests'."""

OPTIONS = read_options(os.environ)
BASE = Path(__file__).resolve().parent.parent

SECRET_KEY = OPTIONS["VAKHTA_SECRET_KEY"] or "only-for-commands-that-sign-nothing-and-serve-nothing"
ANCHOR_KEY = OPTIONS["VAKHTA_ANCHOR_KEY"] or SECRET_KEY
DEBUG = False
ALLOWED_HOSTS = OPTIONS["VAKHTA_ALLOWED_HOSTS"]

DEMO = OPTIONS["VAKHTA_DEMO"]
DATA_DIR: Path = OPTIONS["VAKHTA_DATA_DIR"]
MAIL_DIR = DATA_DIR / "mail"
PUBLIC_URL = OPTIONS["VAKHTA_PUBLIC_URL"]
LIVE_URL = OPTIONS["VAKHTA_LIVE_URL"]
SMTP_URL = OPTIONS["VAKHTA_SMTP_URL"]
MAIL_FROM = OPTIONS["VAKHTA_MAIL_FROM"]
METRICS_TOKEN = OPTIONS["VAKHTA_METRICS_TOKEN"]
MAX_UPLOAD_MB = OPTIONS["VAKHTA_MAX_UPLOAD_MB"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
"""A form without files; more is a 400. Files have their own limit."""
FILE_UPLOAD_HANDLERS = [
    "vakhta.kernel.files.LimitedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "vakhta.kernel.files.ArrivingFiles",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "vakhta.kernel",
    "vakhta.people",
    "vakhta.places",
    "vakhta.tickets",
    "vakhta.contacts",
    "vakhta.crews",
    "vakhta.incidents",
    "vakhta.shifts",
    "vakhta.imports",
    "vakhta.lists",
    "vakhta.notices",
    "vakhta.web",
]
MIDDLEWARE = [
    "vakhta.web.compress.Compressed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vakhta.web.health.requests.Watched",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "vakhta.web.middleware.ChosenLanguage",
    "vakhta.web.health.requests.Named",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "vakhta.web.middleware.SecurityHeaders",
    "vakhta.web.guard.Guard",
    "vakhta.web.middleware.ScopeMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "vakhta.web.urls"
WSGI_APPLICATION = "vakhta.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
            ]
        },
    }
]


FOUND_LOST = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Seconds, and milliseconds of the last: a database whose machine is gone without a word is noticed within twenty-five
seconds. By itself the network would be waited for a quarter of an hour, with every page in its thread. A statement that
takes long is not ended by it: its machine answers."""


def database(url: dict[str, Any]) -> dict[str, Any]:
    """One connection for each thread that works, kept; what is asked for the fifth time is prepared by the
    server (Django leaves that off unless told): a card's joins take longer to plan than to run."""
    options: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 5}
    if OPTIONS["VAKHTA_PGBOUNCER"]:
        options = {"prepare_threshold": None}
    options |= FOUND_LOST
    return {
        "ENGINE": "django.db.backends.postgresql",
        **url,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }


DATABASES = {
    "default": database(OPTIONS["DATABASE_URL"]),
    "owner": database(OPTIONS["VAKHTA_OWNER_DATABASE_URL"] or OPTIONS["DATABASE_URL"]),
}
AUTH_USER_MODEL = "people.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
SECOND_STEP_FOR = OPTIONS["VAKHTA_SECOND_STEP_FOR"]
KEEP_DAYS = OPTIONS["VAKHTA_KEEP_DAYS"]
OIDC_URL = OPTIONS["VAKHTA_OIDC_URL"]
OIDC_NAME = OPTIONS["VAKHTA_OIDC_NAME"]

# Of django-allauth the second steps and the OpenID Connect are used (docs/adr/0010-signing-in.md).
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
"""`people.tries` counts them in the database, for all processes."""
MFA_ADAPTER = "vakhta.people.second_step.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
SOCIALACCOUNT_ADAPTER = "vakhta.web.security.oidc.Adapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = True
"""Our own page asks by POST before."""
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME,
                "client_id": OPTIONS["VAKHTA_OIDC_CLIENT"],
                "secret": OPTIONS["VAKHTA_OIDC_SECRET"],
                "settings": {"server_url": OIDC_URL},
            }
        ],
    }
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"},
}
"""Which one-time codes were used: one memory of all processes."""

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = OPTIONS["VAKHTA_TLS"]
USE_I18N = USE_TZ = True
TIME_ZONE = OPTIONS["VAKHTA_TIME_ZONE"]

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: whitenoise serves what the finders find
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_NAME = "vakhta_session"
SESSION_COOKIE_AGE = OPTIONS["VAKHTA_SESSION_HOURS"] * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OPTIONS["VAKHTA_TLS"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if OPTIONS["VAKHTA_TLS"] else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if OPTIONS["VAKHTA_TLS"] else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []

LOGGING = logging_settings(is_human=DEMO)
