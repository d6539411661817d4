from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundsConfig(AppConfig):
    name = "registry.funds"
    verbose_name = _("社区基金")

    def ready(self) -> None:
        # The kinds of documents are known as soon as the site runs: their verification pages name them.
        from registry.funds import reports  # noqa: F401
