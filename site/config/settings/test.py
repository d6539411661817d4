"""Settings for the tests: fast, silent, in folders of their own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import STORAGES

DEBUG = False
SECRET_KEY = "for tests only, never served"  # noqa: S105
DATA_KEYS = ["for tests only, never kept"]
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True

# One folder a process: parallel workers must not share an index or an upload.
DATA_DIR = Path(tempfile.mkdtemp(prefix="xiangyue-test-"))


@atexit.register
def _leave_nothing(folder: Path = DATA_DIR, owner: int = os.getpid()) -> None:
    """Remove the folder with the process that made it; one that was forked off while it ran leaves it alone."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


MEDIA_ROOT = DATA_DIR / "media"
SEARCH_INDEX_DIR = DATA_DIR / "search"
SEARCH_SEMANTIC_MODEL = DATA_DIR / "semantic"
SEARCH_VECTORS_DIR = DATA_DIR / "vectors"
RATE_LIMITS = {"search": "100000/m", "suggest": "100000/m", "form": "100000/m", "verify": "100000/m"}
AXES_ENABLED = False
# A page is made anew for each request, so that query counts are those of making it; the cache has its own tests.
PAGE_CACHE = False
SERVE_MEDIA = True
# Batches run where they are started, in the process of the test: its database is nowhere else.
TASKS = {
    alias: {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
    for alias in ("default", "batches")
}
PRINTING_PROCESSES = 0
