from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CovenantsConfig(AppConfig):
    name = "knowledge.covenants"
    label = "covenants"
    verbose_name = _("村规民约")
