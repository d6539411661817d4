"""What a county decides for itself."""

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import IndexView

from registry.organizations import actions
from registry.organizations.backoffice.viewsets import Belonging
from registry.organizations.models import CountySettings, OrganizationKind


class KindViewSet(Belonging):
    """The kinds that a county counts its organizations by."""

    model = OrganizationKind
    icon = "list-ul"
    menu_label = gettext_lazy("组织类别")
    menu_name = "organization-kinds"
    index_view_class = IndexView
    search_fields = ["name", "code"]
    list_display = [
        "name",
        Column("code", label=gettext_lazy("代码"), sort_key="code"),
        Column("county", label=gettext_lazy("区县"), sort_key="county__path"),
        Column("order", label=gettext_lazy("排序"), sort_key="order"),
        BooleanColumn("retired", label=gettext_lazy("停用"), sort_key="retired"),
    ]
    panels = [
        FieldPanel("county"),
        FieldPanel("name"),
        FieldPanel("code"),
        FieldPanel("order"),
        FieldPanel("retired"),
    ]

    @staticmethod
    def write(kind: OrganizationKind, by: Any) -> OrganizationKind:
        """By the action."""
        return actions.save_kind(kind=kind, by=by)


class CountySettingsViewSet(Belonging):
    """The minimums, days and years of a county."""

    model = CountySettings
    icon = "cog"
    menu_label = gettext_lazy("备案设置")
    menu_name = "organization-settings"
    index_view_class = IndexView
    list_display = [
        "county",
        Column("min_founders", label=gettext_lazy("发起人")),
        Column("min_members", label=gettext_lazy("会员")),
        Column("opinion_days", label=gettext_lazy("办理期限（日）")),
        Column("validity_years", label=gettext_lazy("有效期（年）")),
        Column("renewal_window_days", label=gettext_lazy("续期提前（日）")),
    ]
    panels = [
        FieldPanel("county"),
        FieldRowPanel([FieldPanel("min_founders"), FieldPanel("min_members")]),
        FieldRowPanel([FieldPanel("opinion_days"), FieldPanel("validity_years")]),
        FieldRowPanel([FieldPanel("renewal_window_days"), FieldPanel("stale_service_days")]),
    ]

    @staticmethod
    def write(settings: CountySettings, by: Any) -> CountySettings:
        """By the action."""
        return actions.save_settings(settings=settings, by=by)
