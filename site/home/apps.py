from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("首页")

    def ready(self) -> None:
        from . import checks, pagecache  # noqa: F401

        pagecache.connect()
