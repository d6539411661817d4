from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "knowledge.points"
    label = "points"
    verbose_name = _("积分")

    def ready(self) -> None:
        """Make slips, reports and what batches make of them known: any process may be asked for them."""
        from . import slips  # noqa: F401
        from .reports import (  # noqa: F401
            annual,
            batches,
            honour_list,
            ledger,
            passbook,
            publicity,
            redemptions,
            summary,
        )
