from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "registry.importing"
    verbose_name = _("表格导入")

    def ready(self) -> None:
        """Each app's `importers.py` registers what it takes from a spreadsheet."""
        autodiscover_modules("importers")
