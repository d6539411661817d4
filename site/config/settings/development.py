"""Settings for a developer's machine and for the demo: no secret to set, nothing to install beside the packages."""

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403
from .base import DATA_DIR, STATIC_ROOT, STORAGES, env

DEBUG = env.bool("DEBUG", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
SERVE_MEDIA = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# A key of this machine's own, kept beside its data: sessions outlive a restart, and no key stands in the code.
_key_file = DATA_DIR / "secret-key"
if not _key_file.exists():
    _key_file.write_text(get_random_secret_key(), encoding="utf-8")
    _key_file.chmod(0o600)
SECRET_KEY = env("SECRET_KEY", default=_key_file.read_text(encoding="utf-8").strip())

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Files come from where they are written; the folder of collected ones need only be there.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
