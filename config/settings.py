"""All settings, read from the environment; the defaults are safe for a real server."""

from pathlib import Path

import django_stubs_ext
import environ
from django.utils.translation import gettext_lazy as _

from commons.web.csp import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY  # noqa: PLC0414
from commons.web.logging import logging_config

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- where and how this server runs ---------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# The demo neighbourhood: invented people, readable mail. Never on for a real one.
DEMO = env.bool("DEMO", default=False)
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_URL.split("//", 1)[-1].split(":")[0]])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []


def _secret() -> str:
    """Return the signing key from SECRET_KEY or the file SECRET_KEY_FILE; raises without either."""
    path = env.str("SECRET_KEY_FILE", default="")
    return Path(path).read_text(encoding="ascii").strip() if path else env.str("SECRET_KEY")


SECRET_KEY = _secret()
# Keys that seal free text live in a file of their own, outside the database and its dumps.
SEAL_KEYS_FILE = env.str("SEAL_KEYS_FILE", default=str(BASE_DIR / "var/keys/seal.keys"))
# Where this server's source code can be had, as its licence asks of whoever changes it.
SOURCE_URL = env.str("SOURCE_URL", default="")
# How many proxies in front of us are ours; their addresses are stripped, ours is never stored.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# --- what the house is made of --------------------------------------------------------------
INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "pods",
    "sites.apps.SitesConfig",
    "commons.gatherings",
    "commons.notices",
    "commons.people",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "template_partials",
    "rules",
    "leaflet",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "commons.web.headers.HeadersMiddleware",
    "commons.web.outage.OutageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "commons.web.bodies.LargeBodyMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "commons.web.language.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "commons.web.htmx.HtmxProtocolMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commons.web.context.house",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- PostgreSQL is the record, Redis the doorbell -------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(
    {
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
)
# Values travel beside the statement, and one that comes again keeps its plan: half the work for PostgreSQL. A pooler
# that gives each transaction another connection must know of prepared statements (PgBouncer 1.21 does).
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {"connect_timeout": 3, "server_side_binding": True, "prepare_threshold": 5}
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
# Only django-allauth counts its own attempts here; what must hold counts in PostgreSQL.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

# --- people and signing in ------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "commons.notices.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1"]
ACCOUNT_FORMS = {
    "login": "commons.people.forms.sessions.SignInForm",
    "signup": "commons.people.forms.joining.SignUpForm",
    "confirm_login_code": "commons.people.forms.sessions.SignInCodeForm",
    "confirm_email_verification_code": "commons.people.forms.sessions.AddressCodeForm",
    "reset_password": "commons.people.forms.sessions.ForgottenForm",
    "confirm_password_reset_code": "commons.people.forms.sessions.ResetCodeForm",
    "reset_password_from_key": "commons.people.forms.sessions.ReplacePasswordForm",
    "change_password": "commons.people.forms.sessions.ChangePasswordForm",
    "set_password": "commons.people.forms.sessions.SetPasswordForm",
    "reauthenticate": "commons.people.forms.sessions.ConfirmForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PREVENT_ENUMERATION = True
# The mail to an unknown address is made like the others, so that it costs the same; it goes nowhere.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
# The adapter counts, in PostgreSQL.
ACCOUNT_RATE_LIMITS = False
# These mails would carry an address and a browser's name.
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
SESSION_ENGINE = "commons.web.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True

# --- headers (the rest stand in commons.web.headers) ----------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- languages and time ---------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- static files ---------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "var/static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- mail -----------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="casserole@localhost")
# Where the demo's own mail sink leaves what it received, for /demo/mail/.
DEMO_MAIL_DIR = env.str("DEMO_MAIL_DIR", default=str(BASE_DIR / "var/mail"))

# --- the call engine ------------------------------------------------------------------------
# How many mail connections one worker keeps, and how long a claimed delivery is its own.
MAIL_CONNECTIONS = env.int("MAIL_CONNECTIONS", default=8)
LEASE_SECONDS = env.int("LEASE_SECONDS", default=15)
# An outside address that is asked each minute, only while the auditor finds nothing wrong.
DEAD_MAN_URL = env.str("DEAD_MAN_URL", default="")

# --- places ---------------------------------------------------------------------------------
# After how many days a score card counts half as much as a new one. Changed, it holds for every place within the hour.
SCORE_HALF_LIFE_DAYS = env.int("SCORE_HALF_LIFE_DAYS", default=180)
if not 1 <= SCORE_HALF_LIFE_DAYS <= 32_000:
    raise environ.ImproperlyConfigured("SCORE_HALF_LIFE_DAYS is a number of days, from 1 to 32000.")

LOGGING_CONFIG = None
LOGGING = logging_config(debug=DEBUG)
TEST_RUNNER = "django.test.runner.DiscoverRunner"
