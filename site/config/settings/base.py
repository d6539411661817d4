"""Settings that every environment shares.

Each setting that an installation may change is an environment variable; docs/operations.md lists them all, and a
test holds that list true. Values come from the process environment, or from a file `.env` in the project's root.
"""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[3]

# One thread for a product of a matrix and a vector: the threads of NumPy's library wait for each other by spinning, and
# beside other busy processes a question that is understood by its meaning takes fifty times as long. It is read when
# NumPy is first imported, which packages do that read spreadsheets.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def secret(name: str, default: str | None = None) -> str:
    """The variable as it stands: `env` takes a value that begins with $ for another variable's name.

    One generated key in fifty begins with it. Raises ImproperlyConfigured where there is neither value nor default.
    """
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the {name} environment variable")
    return value


# Everything that the running site writes (database, search index, uploads) is below this one folder: it is what
# a backup must hold.
DATA_DIR = Path(env("XIANGYUE_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    # our own, from the front of the house to its foundations: the first to name a template or a command wins
    "home",
    "knowledge.guides",
    "knowledge.points",
    "knowledge.covenants",
    "knowledge.laws",
    "registry.reporting",
    "registry.funds",
    "registry.volunteers",
    "registry.organizations",
    "registry.importing",
    "accounts",
    "registry.places",
    "printing",
    "search",
    # Wagtail
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "treebeard",
    "import_export",
    "django_tasks",
    "django_tasks_db",
    "django_filters",
    # sign-in throttling that survives a restart and holds across processes
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "home.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "home.pagecache.PageCacheMiddleware",
    "home.script.ScriptMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# --- Database --------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Readers go on while one process writes; a writer takes its lock at BEGIN, so that two of them wait for
        # each other instead of failing half-way.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }

CACHES = {
    # Counters of rate limits and small values.
    # One for each address that called within the window: the usual 300 would forget the first while the last come.
    "default": env.cache("CACHE_URL", default="locmemcache://") | {"max_entries": 50_000},
    # Whole public pages, compressed; see home/pagecache.py. In memory, a process each, unless a shared cache is named.
    "pages": env.cache("PAGE_CACHE_URL", default="locmemcache://pages") | {"max_entries": 3000},
}
PAGE_CACHE = env.bool("PAGE_CACHE", default=True)

# --- People and sign-in ----------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "accounts.backends.PlaceBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Of the public site; the back office has its own door.
LOGIN_URL = "account:login"
LOGIN_REDIRECT_URL = "account:home"
# How long the links hold that are sent by e-mail, and how many one address is sent.
ACCOUNT_LINK_SECONDS = PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_MAILS_PER_HOUR = 5

AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.throttle.locked_out"
AXES_CLIENT_IP_CALLABLE = "search.ratelimit.client_ip"
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", default=0)

# ID and phone numbers are encrypted with the first of these keys; the others still decrypt. Kept apart from SECRET_KEY,
# which may be changed at any time: without these keys the data is lost.
DATA_KEYS = [key for key in secret("DATA_KEYS", default="").split(",") if key]

# Days that a query without an answer is kept after it was last asked.
SEARCH_QUERY_DAYS = env.int("SEARCH_QUERY_DAYS", default=365)
# How often one address may call, per process (see docs/operations.md).
RATE_LIMITS = {
    "search": env("RATE_LIMIT_SEARCH", default="120/m"),
    "suggest": env("RATE_LIMIT_SUGGEST", default="600/m"),
    "form": env("RATE_LIMIT_FORM", default="20/m"),
    "verify": env("RATE_LIMIT_VERIFY", default="30/m"),
}

# --- Language and time -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("zh-hant", _("繁體中文")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "wagtail"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Files -----------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "static-collected")))
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# Uploaded pictures served by the site itself; where a web server in front does it, off.
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Spreadsheets of more rows are checked and imported by a process of their own, with progress.
IMPORT_INLINE_ROWS = env.int("IMPORT_INLINE_ROWS", default=300)

# --- Wagtail ---------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = env("SITE_NAME", default="乡约")
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://localhost:8000")
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_DOCUMENT_FORM_BASE = "accounts.uploads.DocumentForm"
DOCUMENT_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "txt", "csv", "zip", "mp3", "mp4"]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_AUTO_UPDATE_PREVIEW = True
WAGTAILADMIN_USER_LOGIN_FORM = "home.forms.LoginForm"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.wagtail_backend"}}
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "knowledge.guides.topics.parse_topics"

TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    # Batches of documents take minutes: they wait in the database for `manage.py run_batches`.
    "batches": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["batches"]},
}

# --- Printing --------------------------------------------------------------------------------------------------

# How many documents of a batch are made at once, each in a process of its own; 0: in the worker itself, one by one.
PRINTING_PROCESSES = env.int("PRINTING_PROCESSES", default=2)
# After so many documents a process is replaced: laying out pages leaves memory behind.
PRINTING_DOCUMENTS_PER_PROCESS = env.int("PRINTING_DOCUMENTS_PER_PROCESS", default=25)
# A document that takes longer is given up.
PRINTING_DOCUMENT_SECONDS = env.int("PRINTING_DOCUMENT_SECONDS", default=300)

# --- Search ----------------------------------------------------------------------------------------------------

SEARCH_ENGINE = env("SEARCH_ENGINE", default="embedded")
SEARCH_INDEX_DIR = DATA_DIR / "search"
# The embedding model, a folder with model.onnx and tokenizer.json, and the vectors that it made; see search/semantic.
SEARCH_SEMANTIC_MODEL = Path(env("SEARCH_SEMANTIC_MODEL", default=str(DATA_DIR / "semantic")))
# What was learned of how residents ask; see search/semantic/projection.py.
SEARCH_SEMANTIC_PROJECTION = Path(
    env("SEARCH_SEMANTIC_PROJECTION", default=str(BASE_DIR / "search" / "data" / "projection.npz"))
)
SEARCH_VECTORS_DIR = DATA_DIR / "vectors"
# The engine that answers while SEARCH_ENGINE is away; empty: none.
SEARCH_FALLBACK = env("SEARCH_FALLBACK", default="")
ELASTICSEARCH = {
    "urls": tuple(env.list("ELASTICSEARCH_URL", default=["http://127.0.0.1:9200"])),
    "index": env("ELASTICSEARCH_INDEX", default="xiangyue"),
    "api_key": secret("ELASTICSEARCH_API_KEY", default=""),
    "ca_certs": env("ELASTICSEARCH_CA", default=""),
    "shards": env.int("ELASTICSEARCH_SHARDS", default=1),
    "replicas": env("ELASTICSEARCH_REPLICAS", default="0-1"),
    "dimensions": env.int("ELASTICSEARCH_DIMENSIONS", default=512),
    "timeout": env.float("ELASTICSEARCH_TIMEOUT", default=2.0),
}

# Where statute texts are imported from; empty: ../shared/data/laws beside the checkout, when it is there.
LAWS_SOURCE = env("LAWS", default="")

# Begins the identifiers of grants in /funds/grants.json (360Giving Data Standard).
GRANTS_ID_PREFIX = env("GRANTS_ID_PREFIX", default="360G-xiangyue")

# --- Security --------------------------------------------------------------------------------------------------

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"  # Wagtail lets its own previews be framed
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "axes": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        # Who published what is in its own history.
        "wagtail": {"level": "WARNING"},
        # One line for each request to the cluster otherwise.
        "elastic_transport": {"level": "ERROR"},
        # Each step of laying out a page otherwise.
        "weasyprint.progress": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
