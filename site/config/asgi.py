"""The ASGI application, for servers that want one."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_asgi_application()

# After the settings: what the first search of a worker would wait for.
from search.warming import warm  # noqa: E402

warm()
