"""Django's settings, made from :mod:`jishi.project.environment` and from nothing else."""

import gc
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from jishi.project import environment

#: Some thousands of things are made at the start, for a command and for an answer, of which next to none stand in a
#: circle: looking for circles after each 700 of them, as is usual, would take a good part of the time of the start.
gc.set_threshold(20_000, 10, 10)

ENV = environment.read()
PACKAGE = Path(__file__).resolve().parents[1]
DATA_DIR = ENV.data_dir.absolute()
DATA_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = ENV.secret()
DEBUG = ENV.debug
ALLOWED_HOSTS = [host.strip() for host in ENV.hosts.split(",") if host.strip()]

ROOMS = [
    "base", "journal", "jobs", "privacy", "files", "stations", "notify", "register", "matters", "window", "exchange",
    "demo",
]  # fmt: skip
INSTALLED_APPS = [
    *(f"jishi.{room}" for room in ROOMS),  # first: the words of a room go before those of a library
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jishi.base.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jishi.stations.middleware.Workplace",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jishi.base.middleware.Refusals",
]
ROOT_URLCONF = "jishi.project.urls"
WSGI_APPLICATION = "jishi.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / room / "templates" for room in ROOMS],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "jishi.base.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "base" / "signin"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": ENV.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # Each process its own, for what is counted so often that writing it down would cost more than what it guards.
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}},
}

AUTH_USER_MODEL = "stations.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if ENV.test_fast_passwords:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "matters:desk"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "jishi.stations.adapter.NoSignUp"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Jishi"
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = ENV.session_hours * 3600
SESSION_COOKIE_NAME = "jishi_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "jishi_csrf"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if ENV.secure else []
if ENV.secure:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LANGUAGE_CODE = ENV.language
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "jishi_language"
LOCALE_PATHS = [PACKAGE / "project" / "locale"]
USE_I18N = True
TIME_ZONE = ENV.time_zone
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA_DIR / "files"
MASTER_KEY_FILE = ENV.master_key_file
BASEMAP = ENV.basemap.absolute() if ENV.basemap else DATA_DIR / "basemap"
WMTS = ENV.wmts.split()
WMTS_CREDIT = ENV.wmts_credit
WEBHOOK_PRIVATE = ENV.private_networks()
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

CSRF_FAILURE_VIEW = "jishi.base.views.csrf_failed"
DEFAULT_EXCEPTION_REPORTER_FILTER = "jishi.base.reports.NoLocals"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "jishi.base.reports.ScrubbedFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"jishi": {"level": "INFO"}},
}
