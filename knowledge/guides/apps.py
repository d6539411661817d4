from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    name = "knowledge.guides"
    label = "guides"
    verbose_name = _("普法指南")

    def ready(self) -> None:
        from . import signals  # noqa: F401
