"""All settings. What differs between machines comes from the environment (`docs/operations.md`)."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from portal import (
    database,
    environment,
    hotline_settings,
    mailing,
    structured_logging,
    workspace_menu,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = database.VAR

# --- Mode: production unless somebody says otherwise

MODE = environment.choice("VIGIL_MODE", ("production", "demo", "test"), "production")
PRODUCTION = MODE == "production"
DEBUG = environment.flag("VIGIL_DEBUG")

if PRODUCTION:
    SECRET_KEY = environment.required(
        "VIGIL_SECRET_KEY",
        "a random text of 50 characters or more" + environment.why_production(),
    )
    PUBLIC_URL = environment.required("VIGIL_URL", "where people reach Vigil, https://…").rstrip(
        "/"
    )
    environment.required("DATABASE_URL", "postgresql://vigil_app:…@host/vigil")
else:
    SECRET_KEY = environment.optional(
        "VIGIL_SECRET_KEY", "only for tests" if MODE == "test" else ""
    ) or environment.kept_secret(VAR / "secret_key")
    PUBLIC_URL = environment.optional(
        "VIGIL_URL", f"http://127.0.0.1:{environment.number('PORT_WEB', 8000)}"
    )
LIVE_URL = environment.optional(
    "VIGIL_LIVE_URL",
    f"{PUBLIC_URL}/live/"
    if PRODUCTION
    else f"http://127.0.0.1:{environment.number('PORT_LIVE', 8001)}/live/",
)

# --- What it is made of

INSTALLED_APPS = [
    "accounts",
    "knowledge",
    "tickets",
    "portal",
    "unfold.apps.BasicAppConfig",
    "portal.admin_config.WorkspaceConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "django_q",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # files need no session and no database
    "portal.compressed_pages.CompressedPagesMiddleware",
    "portal.private_pages.PrivatePagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.views.refusals.SizeLimitMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.widget.cookieless.CookielessMiddleware",  # before anything that reads a cookie
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.long_forms.LongFormsMiddleware",  # before anything that reads a form
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.session_activity.SessionActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.signing_in.SignInMiddleware",
    "portal.signing_in.StaffSecondFactorMiddleware",
    "portal.reader_time_zone.ReaderTimeZoneMiddleware",
    "portal.middleware.TenancyMiddleware",  # last: all inside it runs in the user's role
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "csp.context_processors.nonce",
                "portal.context.page",
            ],
        },
    }
]

# --- State

if MODE == "test":  # tests make their own databases and can never reach another
    DATABASES = {"default": database.from_url(database.NOWHERE)}
else:
    DATABASES = database.django_databases(
        as_owner=environment.flag("VIGIL_AS_OWNER"), pooled=environment.flag("VIGIL_POOL")
    )
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
        if MODE == "test"
        else "portal.shared_cache.SharedCache"
    },
    # django-q would write its status there twice a second, and nobody reads it.
    "worker": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
SESSION_ENGINE = "portal.database_sessions"
MEDIA_ROOT = Path(environment.optional("VIGIL_MEDIA", str(VAR / "media")))  # never served directly
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test" or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = MODE == "test" or DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- Late work (portal/worker); what has a promise attached is the engine's

Q_CLUSTER = {
    "name": "vigil",
    "orm": "default",
    "cache": "worker",
    "workers": 1,
    "bulk": 1,
    "queue_limit": 4,
    "poll": 2,  # seconds between looks; late work may be that late
    "guard_cycle": 1,
    "timeout": 120,  # seconds for one task; less than `retry`, or it would run twice at once
    "retry": 180,
    "max_attempts": 3,
    "catch_up": False,  # after an outage a job runs once, not once for each time it missed
    "save_limit_per": "group",
    "save_limit": 20,  # results of each job
}

# --- Search in the knowledge base: a service that places texts by meaning may help, none need

EMBEDDING_URL = environment.optional("VIGIL_EMBEDDING_URL")  # OpenAI-compatible, https://…/v1
EMBEDDING_KEY = environment.optional("VIGIL_EMBEDDING_KEY")
EMBEDDING_MODEL = environment.optional("VIGIL_EMBEDDING_MODEL")

# --- The watchdog

ALARM_URLS = environment.optional("VIGIL_ALARM_URLS").split()  # Apprise's, apart by spaces
DEADMAN_URL = environment.optional("VIGIL_DEADMAN_URL")
EMERGENCY_LINE = environment.optional("VIGIL_EMERGENCY_LINE")  # shown while paging is delayed
DISK_FREE_MIB = environment.number("VIGIL_DISK_FREE_MIB", 1024)
WATCHDOG_HOST = environment.optional("HOST_WATCHDOG", "127.0.0.1")
WATCHDOG_PORT = environment.number("PORT_WATCHDOG", 0)  # 0: any that is free

# --- Languages and time

LANGUAGES = [("en", "English"), ("zh-hans", "中文")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- How much may come in

ATTACHMENTS_MAX = 10  # in one message
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # a request without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200  # more for few pages: portal/long_forms.py
DATA_UPLOAD_MAX_NUMBER_FILES = 3 * ATTACHMENTS_MAX  # beyond ten, the form itself says no
REQUEST_MAX_BYTES = 64_000_000  # all of a request, files included
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # above that a file goes to disk while it arrives

LIVE_STREAMS = environment.number("VIGIL_LIVE_STREAMS", 4000)  # open pages for each live process

# --- Hosts, transport, cookies

ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname or ""]
if not PRODUCTION:
    ALLOWED_HOSTS = list({*ALLOWED_HOSTS, "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = environment.number("VIGIL_TRUSTED_PROXIES", 0)  # hops of X-Forwarded-For to trust
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz?/?$"]  # asked by the balancer, over plain HTTP
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

COOKIE_PREFIX = "__Host-" if PRODUCTION else "vigil-"
SESSION_COOKIE_NAME = COOKIE_PREFIX + "session"
CSRF_COOKIE_NAME = COOKIE_PREFIX + "csrf"
LANGUAGE_COOKIE_NAME = COOKIE_PREFIX + "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, "{0.scheme}://{0.netloc}".format(urlsplit(LIVE_URL))],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Which pages of others may show the chat widget in a frame; that one page and no other of ours.
WIDGET_ORIGINS = environment.origins("VIGIL_WIDGET_ORIGINS", secure=PRODUCTION)

# --- Who may log in, and how (allauth)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.login_backend.LoginBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if MODE == "test":  # hundreds of logins, none worth protecting
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": VALIDATION + "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": VALIDATION + "CommonPasswordValidator"},
    {"NAME": VALIDATION + "NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"

SIGNUP_OPEN = environment.choice("VIGIL_SIGNUP", ("open", "invited"), "open") == "open"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.signup.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.adapter.shown_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, and in no other
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=5).total_seconds())
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the other sessions end, this one stays
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(PUBLIC_URL).scheme
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "10/h/ip",
    "reset_password": "10/h/ip,3/h/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/180s/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Vigil"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
MFA_REQUIRED_FOR_STAFF = PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = True

# --- API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api_authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api_defaults.Denied"],
    "DEFAULT_PARSER_CLASSES": ["portal.api_defaults.JSON"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "accounts.api_listing.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "portal.api_authentication.PerToken",
        "rest_framework.throttling.AnonRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        **{"token": "300/min", "anon": "60/min", "unauthenticated": "30/min"},
        **{"calendar": "60/hour", "calendar_address": "240/min"},  # feeds of shifts
        **{"chat_messages": "30/min", "chat_beats": "60/min"},  # of one person
        **{"widget_address": "60/min"},  # signing in there
        **{"docs_feedback": "20/hour"},  # "did this help?" from one machine
        **{"docs_searches": "60/hour"},  # of strangers on one machine, put down for the editor
    },
    "EXCEPTION_HANDLER": "portal.api_errors.answer",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Vigil API",
    "VERSION": "1",
    "DESCRIPTION": "Open support tickets, read them with the promises given, and answer.\n\n"
    "Every request carries `Authorization: Bearer vgl_…`. Times are RFC 3339 in UTC.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "TicketState": "tickets.models.ticket.State",
        "Severity": "tickets.models.ticket.Severity",
        "Channel": "tickets.models.ticket.Channel",
        "Platform": "tickets.models.ticket.Platform",
        "Environment": "tickets.models.ticket.Environment",
        "PromiseKind": "tickets.models.Promise.Kind",
        "PromiseState": "tickets.models.Promise.State",
        "EscalationState": "tickets.models.Escalation.State",
        "EscalationReason": "tickets.models.Escalation.Reason",
        "PageState": "tickets.models.Page.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api_schema.describe_errors",
    ],
}

# --- Mail going out, the admin's look, logs

EMAIL = mailing.from_url(
    environment.optional("VIGIL_EMAIL_URL", "" if PRODUCTION else f"file://{VAR / 'outbox'}")
)
globals().update(EMAIL)
EMAIL_FALLBACK = mailing.fallback_from_url(environment.optional("VIGIL_EMAIL_FALLBACK_URL"))
# Mails as files have a page that shows them, except in production.
EMAIL_FILE_PATH: str | None = EMAIL.get("EMAIL_FILE_PATH")
OUTBOX = None if PRODUCTION else EMAIL_FILE_PATH
# Where customers write to us, and nothing else lives: not the company's own domain, because who
# can read mail to some address of a domain can often join services as one of its people.
MAIL_DOMAIN = environment.optional("VIGIL_MAIL_DOMAIN", "support.vigil.example").lower()
DEFAULT_FROM_EMAIL = environment.optional("VIGIL_FROM_EMAIL", f"Vigil <support@{MAIL_DOMAIN}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where bounces go; empty: to an address on MAIL_DOMAIN that names the mail which bounced.
RETURN_PATH = environment.optional("VIGIL_RETURN_PATH")

# --- Mail coming in

# The part before the @ of the addresses at which anybody may write to us; urgent mailboxes of
# plans, reply addresses and postmaster come on top. Whom else a mail is for, we do not serve.
MAIL_BOXES = frozenset(environment.optional("VIGIL_MAIL_BOXES", "support").lower().split())
MAIL_LIMIT = environment.number("VIGIL_MAIL_LIMIT", 30) * 1_000_000  # bytes of one mail
# Where the mail process listens: host:port for SMTP, lmtp://host:port or lmtp:///path.
MAIL_LISTEN = environment.optional(
    "VIGIL_MAIL_LISTEN", "" if PRODUCTION or MODE == "test" else "127.0.0.1:8025"
).split()
MAIL_CERTIFICATE = environment.optional("VIGIL_MAIL_CERTIFICATE")  # PEM files, for STARTTLS
MAIL_CERTIFICATE_KEY = environment.optional("VIGIL_MAIL_CERTIFICATE_KEY")
# Connections of one client by SMTP at once. By LMTP comes our own mail server: it is not counted.
MAIL_PER_ADDRESS = environment.number("VIGIL_MAIL_PER_ADDRESS", 10)
IMAP_URLS = environment.optional("VIGIL_IMAP_URLS").split()  # imaps://user:password@host/folder
IMAP_EVERY = environment.number("VIGIL_IMAP_EVERY", 20)  # seconds between looks
# Whose word is believed that a sender is who they say: our own mail server's (its authserv-id in
# Authentication-Results), the DNS we ask ourselves, or, outside production, the mail's own.
MAIL_AUTHSERV_IDS = frozenset(environment.optional("VIGIL_MAIL_AUTHSERV_ID").lower().split())
MAIL_PROOF = environment.choice(
    "VIGIL_MAIL_PROOF",
    ("authserv", "dns") if PRODUCTION else ("authserv", "dns", "none"),
    "authserv" if MAIL_AUTHSERV_IDS else ("dns" if PRODUCTION else "none"),
)
MAIL_HOURLY = environment.number("VIGIL_MAIL_HOURLY", 60)  # of one sender; the rest is held back

# What pages may be sent to inside our own network, such as a gateway for text messages.
PAGES_INSIDE = environment.networks(
    "VIGIL_PAGES_INSIDE", "" if PRODUCTION else "127.0.0.0/8, ::1/128"
)

# --- The hotline: Twilio, or whoever speaks as it does. Off without numbers, account and token.

HOTLINE_NUMBERS = hotline_settings.numbers("VIGIL_HOTLINE_NUMBERS")
HOTLINE_DIALS = hotline_settings.prefixes("VIGIL_HOTLINE_DIALS")
HOTLINE_RECORDS = environment.flag("VIGIL_HOTLINE_RECORDS")  # conversations; voicemail always is
TWILIO_ACCOUNT_SID = hotline_settings.account("VIGIL_TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = environment.optional("VIGIL_TWILIO_AUTH_TOKEN")
TWILIO_API = hotline_settings.api("VIGIL_TWILIO_API", "https://api.twilio.com")

UNFOLD = {
    "SITE_TITLE": "Vigil",
    "SITE_HEADER": _("Vigil desk"),
    "SITE_URL": None,
    "SITE_ICON": lambda request: static("favicon.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")}
    ],
    "SHOW_HISTORY": False,  # the event log tells it, and more
    "COLORS": {"primary": workspace_menu.PRIMARY},
    "STYLES": [lambda request: static("css/plain-editing.css")],
    "SIDEBAR": {"show_search": False, "navigation": workspace_menu.navigation},
}

LOGGING_CONFIG = None
structured_logging.configure(
    as_json=PRODUCTION, level=environment.optional("VIGIL_LOG_LEVEL", "INFO")
)
