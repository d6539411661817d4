from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "registry.volunteers"
    verbose_name = _("志愿服务")

    def ready(self) -> None:
        """Make the kind of paper known that is issued here, so that its public verification can name it."""
        from registry.volunteers import reports  # noqa: F401
