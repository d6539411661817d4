from django.apps import AppConfig
from django.core.signals import request_finished
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("搜索")

    def ready(self) -> None:
        # Each app says what of it is searchable in its own search_documents.py.
        autodiscover_modules("search_documents")

        from . import checks, pages, querylog  # noqa: F401 -- checks register themselves

        pages.connect()
        # The log is written when the answer has been sent.
        request_finished.connect(querylog.write, dispatch_uid="search.querylog")
