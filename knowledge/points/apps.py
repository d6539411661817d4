from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "knowledge.points"
    label = "points"
    verbose_name = _("积分")

    def ready(self) -> None:
        """Make the kind of the slips known: who verifies one may ask any process."""
        from . import slips  # noqa: F401
