"""Django settings read from the environment; nothing secret stands here, keys live in ``JIAFANG_HOME/keys``.

Environment: ``JIAFANG_HOME`` (data folder, default ``./var``), ``DATABASE_URL``, ``JIAFANG_DEBUG``,
``JIAFANG_HOSTS`` (comma-separated), ``JIAFANG_ORIGINS`` (https origins behind a proxy), ``JIAFANG_TILES``
(map tile address; without one maps have no base layer), ``CACHE_URL`` (a shared cache, e.g. redis://…).
"""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from jiafang.access.keys import load_or_create

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("JIAFANG_HOME", "var")).resolve()
HOME.mkdir(parents=True, exist_ok=True)
DEBUG = os.environ.get("JIAFANG_DEBUG") == "1"

KEYS = load_or_create(HOME / "keys")
SECRET_KEY = KEYS.text("django")
ANCHORS = HOME / "anchors"
FILES = HOME / "files"

ALLOWED_HOSTS = [h for h in os.environ.get("JIAFANG_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("JIAFANG_ORIGINS", "").split(",") if o]
BEHIND_TLS = bool(CSRF_TRUSTED_ORIGINS)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_q",
    "jiafang.ui",
    "jiafang.access",
    "jiafang.units",
    "jiafang.paperwork",
    "jiafang.roster",
    "jiafang.campaigns",
    "jiafang.visits",
    "jiafang.planning",
    "jiafang.dossiers",
    "jiafang.reports",
    "jiafang.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "jiafang.web.middleware.problems",
    "jiafang.access.middleware.actor",
]

ROOT_URLCONF = "jiafang.config.urls"
WSGI_APPLICATION = "jiafang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],  # before allauth's own sign-in pages
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiafang.web.context.shell",
            ],
        },
    }
]

DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{HOME / 'jiafang.sqlite3'}", conn_max_age=60)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["CACHE_URL"]}
        if os.environ.get("CACHE_URL")
        # the rate limits of sign-in must be counted across processes, so the default is shared through the database
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}
    )
}

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_PATH = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "jiafang.access.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
# Counted per address *and* name: somebody who mistypes a colleague's name all day locks out only himself.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "8/5m/key"}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = False  # htmx reads the token from the page; the cookie is not the only copy
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
X_FRAME_OPTIONS = "DENY"
TILES = os.environ.get("JIAFANG_TILES", "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"] + ([TILES.split("/{")[0].replace("{s}.", "*.")] if TILES else []),
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [PACKAGE / "locale"]
# Chinese is in the code itself; another language is offered once its catalogue is there.
LANGUAGES = [("zh-hans", "简体中文")] + [("en", "English")] * (PACKAGE / "locale" / "en").is_dir()
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
# Third-party front-end files are installed by set-up into an untracked folder, never committed.
STATICFILES_DIRS = [d for d in [PACKAGE.parent.parent / "static"] if d.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or os.environ.get("JIAFANG_TEST") == "1"
        else "jiafang.ui.storage.ModuleStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or os.environ.get("JIAFANG_TEST") == "1"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

Q_CLUSTER = {
    "name": "jiafang",
    "orm": "default",  # a job is a row of the same transaction as the act that caused it
    "workers": 1,
    "timeout": 600,
    "retry": 720,
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,
    "poll": 1,
    "recycle": 200,
    "save_limit": 1000,
    "label": "任务",
}

# What the ground floor asks of the rooms above it, by name, so that nothing below imports upwards.
ACTOR_OF = "jiafang.units.selectors.actor_of"
SHARED_VISITS = "jiafang.visits.selectors.shared_with"
REACTIONS = "jiafang.config.reactions.follow"
