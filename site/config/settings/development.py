"""Settings for a developer's machine and for the demo: no secret to set, nothing to install beside the packages."""

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403
from .base import DATA_DIR, DATA_KEYS, STATIC_ROOT, STORAGES, env, secret

DEBUG = env.bool("DEBUG", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
SERVE_MEDIA = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"


# Keys of this machine's own, kept beside its data: sessions outlive a restart, and no key stands in the code.
def _own_key(name: str) -> str:
    file = DATA_DIR / name
    if not file.exists():
        file.write_text(get_random_secret_key(), encoding="utf-8")
        file.chmod(0o600)
    return file.read_text(encoding="utf-8").strip()


SECRET_KEY = secret("SECRET_KEY", default=_own_key("secret-key"))
# A comma would make two keys of one.
DATA_KEYS = DATA_KEYS or [_own_key("data-key").replace(",", "-")]

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Files come from where they are written; the folder of collected ones need only be there.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
