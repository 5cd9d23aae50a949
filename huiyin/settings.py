"""Settings, each read from the environment with a default that is safe. `.env.example` lists them all."""

import os
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


DEMO = _flag("HUIYIN_DEMO")
DEBUG = _flag("HUIYIN_DEBUG")
DATA_DIR = Path(os.environ.get("HUIYIN_DATA", BASE_DIR / "data")).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # personal data: its owner's only
SECURE = _flag("HUIYIN_SECURE", "0" if DEMO or DEBUG else "1")  # served behind TLS


def _secret_key() -> str:
    """The key in HUIYIN_SECRET_KEY, else one made once and kept beside the data, readable by its owner only."""
    if key := os.environ.get("HUIYIN_SECRET_KEY"):
        return key
    path = DATA_DIR / "secret_key"
    if not path.exists():
        from django.core.management.utils import get_random_secret_key

        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(get_random_secret_key() + get_random_secret_key())
    return path.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("HUIYIN_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("HUIYIN_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "huiyin",
    "huiyin.web",  # before allauth: its pages are ours
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "huiyin.web.middleware.PrivatePages",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "huiyin.urls"
WSGI_APPLICATION = "huiyin.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huiyin.web.shell.shell",
            ],
            "builtins": ["huiyin.web.templatetags.huiyin"],
        },
    }
]


def _database() -> dict[str, Any]:
    """HUIYIN_DATABASE=postgres://user:password@host:port/name, or nothing for SQLite under HUIYIN_DATA.

    SQLite runs with WAL, synchronous=FULL and immediate transactions: NORMAL loses acknowledged
    writes at a power cut (docs/decisions/0003-sqlite-full.md).
    """
    url = os.environ.get("HUIYIN_DATABASE", "")
    if url:
        at = urlparse(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": at.path.lstrip("/"),
            "USER": unquote(at.username or ""),
            "PASSWORD": unquote(at.password or ""),
            "HOST": at.hostname or "",
            "PORT": str(at.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "connect_timeout": 3,
                "options": "-c statement_timeout=20s -c lock_timeout=5s -c datestyle=ISO",
            },
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "huiyin.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "huiyin.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "huiyin.web.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "huiyin.web.passwords.ThreeKinds"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "huiyin.web.accounts.Adapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = False  # axes counts failures, in the database; an office shares one address
ACCOUNT_FORMS = {
    "login": "huiyin.web.accounts.LoginForm",
    "change_password": "huiyin.web.accounts.ChangePasswordForm",
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _flag("HUIYIN_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {
        "BACKEND": "huiyin.models.storage.DurableStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO or DEBUG
if WHITENOISE_USE_FINDERS:
    warnings.filterwarnings("ignore", message="No directory at")  # nothing is collected there
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_LIMIT = 30 * 2**20  # bytes a stored file may have

HUIYIN_PROFILE = os.environ.get("HUIYIN_PROFILE", "jiangxi")
PROFILE_FOLDERS = [DATA_DIR / "profiles"]  # the office's own 办理规程, before the shipped ones
CHANNELS = os.environ.get(
    "HUIYIN_CHANNELS", ""
)  # file of the notices' channels; DATA_DIR/channels.toml if empty
DIGEST_HOUR = int(os.environ.get("HUIYIN_DIGEST_HOUR", "8"))  # of a working day, in Shanghai
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "huiyin.web.discretion.Secrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {  # these write addresses with their keys
        "django.request": {"filters": ["secrets"]},
        "waitress": {"filters": ["secrets"]},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "apprise": {"level": "CRITICAL", "propagate": False},
    },
}
