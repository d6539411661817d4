"""The menu of the register of organizations."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from registry.organizations.backoffice.filings import FilingViewSet
from registry.organizations.backoffice.organizations import OrganizationViewSet
from registry.organizations.backoffice.rules import CountySettingsViewSet, KindViewSet
from registry.organizations.backoffice.viewsets import (
    AnnualReportViewSet,
    ContractViewSet,
    NurtureViewSet,
    ServiceViewSet,
    SupportViewSet,
)


class OrganizationsGroup(ViewSetGroup):
    """The menu of the register of organizations."""

    menu_label = gettext_lazy("社会组织")
    menu_name = "organizations"
    menu_icon = "group"
    menu_order = 310
    items = (
        FilingViewSet("organization_filings"),
        OrganizationViewSet("organizations_register"),
        ServiceViewSet("organization_services"),
        ContractViewSet("organization_contracts"),
        NurtureViewSet("organization_nurture"),
        SupportViewSet("organization_support"),
        AnnualReportViewSet("organization_annual_reports"),
        KindViewSet("organization_kinds"),
        CountySettingsViewSet("organization_settings"),
    )
