"""How lists of the back office are narrowed."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from accounts.filters import PlaceFilter
from registry.organizations.choices import FieldOfWork, LegalForm, Purpose, State, Status
from registry.organizations.models import (
    AnnualReport,
    Filing,
    Organization,
    OrganizationKind,
    PurchasedService,
    Service,
)


def kinds() -> list[tuple[str, str]]:
    """The kinds of all counties, each code once."""
    return list(dict(OrganizationKind.objects.order_by("-order").values_list("code", "name")).items())[::-1]


class FilingFilterSet(WagtailFilterSet):
    """Narrows the queue."""

    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=[choice for choice in State.choices if choice[0] != State.DRAFT]
    )
    purpose = django_filters.ChoiceFilter(label=_("事项"), choices=Purpose.choices)
    overdue = django_filters.BooleanFilter(label=_("已超期"), method="by_overdue")
    place = PlaceFilter()

    class Meta:
        model = Filing
        fields = ["state", "purpose", "overdue", "place"]

    def by_overdue(self, rows: Any, name: str, value: bool) -> Any:
        """Those past their day, or the others."""
        late = Filing.objects.overdue().values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class OrganizationFilterSet(WagtailFilterSet):
    """Narrows the list of organizations."""

    status = django_filters.ChoiceFilter(label=_("状态"), choices=Status.choices)
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=kinds, field_name="kind__code")
    form = django_filters.ChoiceFilter(label=_("法律形式"), choices=LegalForm.choices)
    field_of_work = django_filters.ChoiceFilter(label=_("业务领域"), choices=FieldOfWork.choices)
    place = PlaceFilter()
    valid_until = django_filters.DateFromToRangeFilter(label=_("有效期至"))
    renewable = django_filters.BooleanFilter(label=_("该续期"), method="by_renewable")

    class Meta:
        model = Organization
        fields = ["status", "kind", "form", "field_of_work", "place", "valid_until", "renewable"]

    def by_renewable(self, rows: Any, name: str, value: bool) -> Any:
        """Those whose time ends and that have not asked for more, or the others."""
        ending = Organization.objects.renewable().values("pk")
        return rows.filter(pk__in=ending) if value else rows.exclude(pk__in=ending)


class ServiceFilterSet(WagtailFilterSet):
    """Narrows the list of services."""

    stale = django_filters.BooleanFilter(label=_("过时"), method="by_stale")
    place = PlaceFilter(lookup="organization__place")

    class Meta:
        model = Service
        fields = ["audience", "withdrawn", "stale", "place"]

    def by_stale(self, rows: Any, name: str, value: bool) -> Any:
        """Those not confirmed for too long, or the others."""
        late = Service.objects.stale().values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class ContractFilterSet(WagtailFilterSet):
    """Narrows the list of contracts."""

    place = PlaceFilter(lookup="organization__place")

    class Meta:
        model = PurchasedService
        fields = ["rating", "place"]


class AnnualReportFilterSet(WagtailFilterSet):
    """Narrows the list of annual reports."""

    confirmed = django_filters.BooleanFilter(
        label=_("已确认"), field_name="confirmed_at", lookup_expr="isnull", exclude=True
    )
    place = PlaceFilter(lookup="organization__place")

    class Meta:
        model = AnnualReport
        fields = ["year", "confirmed", "place"]
