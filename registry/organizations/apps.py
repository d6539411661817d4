from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "registry.organizations"
    verbose_name = _("社会组织")

    def ready(self) -> None:
        """Let other apps say what they keep for an organization."""
        from registry.organizations import desk_entries

        desk_entries.discover()
