"""The public directory: registered organizations, narrowed as the address says."""

from collections.abc import Container, Iterator, Mapping
from functools import cached_property

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from listings.narrowing import Group
from registry.organizations.choices import Audience, FieldOfWork
from registry.organizations.models import Organization, OrganizationKind, Service
from registry.places.listings import ListingByPlace

MAX_QUERY = 60


class Directory(ListingByPlace):
    """One page of the directory with its filters and their counts."""

    names = ("kind", "place", "field", "service")
    orders = {
        "new": (_("最近备案"), ("-registered_on", "-pk")),
        "name": (_("按名称"), ("name", "pk")),
    }

    def known(self) -> Mapping[str, Container[str]]:
        """The values of each filter."""
        return {**super().known(), "kind": self._kinds, "field": FieldOfWork, "service": Audience}

    @cached_property
    def text(self) -> str:
        """What is looked for in names, aims and services."""
        return self.asked("q").strip()[:MAX_QUERY]

    @property
    def searched(self) -> dict[str, str]:
        """What is looked for."""
        return {"q": self.text} if self.text else {}

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return dict(OrganizationKind.objects.order_by("order", "pk").values_list("code", "name"))

    def found(self) -> "QuerySet[Organization]":
        """The organizations under the filters in force, with the services that they offer."""
        offered = Prefetch("services", Service.objects.filter(withdrawn=False), to_attr="offered")
        rows = self._narrowed().order_by(*self.order)
        return rows.select_related("place", "kind").prefetch_related(offered)

    def _narrowed(self, but: str = "") -> "QuerySet[Organization]":
        """The organizations under the filters in force, but one."""
        rows = Organization.objects.registered()
        chosen = {name: value for name, value in self.selected.items() if name != but}
        if "kind" in chosen:
            rows = rows.filter(kind__code=chosen["kind"])
        if "place" in chosen and self.place is not None:
            rows = rows.at(self.place)
        if "field" in chosen:
            rows = rows.filter(field_of_work=chosen["field"])
        if "service" in chosen:
            offered = Service.objects.filter(withdrawn=False, audience=chosen["service"])
            rows = rows.filter(pk__in=offered.values("organization"))
        for word in self.text.split():
            named = Q(name__icontains=word) | Q(aims__icontains=word) | Q(number=word) | Q(credit_code=word.upper())
            serving = Service.objects.filter(withdrawn=False, name__icontains=word).values("organization")
            rows = rows.filter(named | Q(pk__in=serving))
        return rows

    def filters(self) -> Iterator[Group]:
        """The filters with how many organizations each value would show."""
        kinds, fields = self._counts("kind__code", "kind"), self._counts("field_of_work", "field")
        audiences = (
            Service.objects.filter(withdrawn=False, organization__in=self._narrowed("service"))
            .order_by()
            .values_list("audience")
            .annotate(Count("organization", distinct=True))
        )
        served = dict(audiences)
        yield self.group("place", _("所在地"), self.places(self._counts("place__path", "place")))
        yield self.group("kind", _("类别"), [(code, name, kinds.get(code, 0)) for code, name in self._kinds.items()])
        yield self.group("field", _("业务领域"), [(f.value, f.label, fields.get(f.value, 0)) for f in FieldOfWork])
        yield self.group("service", _("有服务提供给"), [(a.value, a.label, served.get(a.value, 0)) for a in Audience])

    def _counts(self, column: str, name: str) -> dict[str, int]:
        return dict(self._narrowed(name).order_by().values_list(column).annotate(Count("pk")))
