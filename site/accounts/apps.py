from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("用户")

    def ready(self) -> None:
        """Let each app say what the roles may do with its models, and put its models under the roles' reach."""
        from accounts import checks, entries, history, pages, receivers, scoping  # noqa: F401

        autodiscover_modules("role_grants")
        autodiscover_modules("audit_names")
        autodiscover_modules("waiting")
        entries.discover()
        scoping.register_policies()
        pages.register()
        history.install()
