"""Organizations and their services as the search sees them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.organizations.models import Organization, Service
from search.documents import Document, Source, register


class OrganizationSource(Source):
    """Registered organizations, found by what they are for and what they offer. No person is named."""

    name = "organization"
    label = _("社会组织")
    model = Organization
    order = 70

    def queryset(self) -> "QuerySet[Organization]":
        offered = Prefetch("services", Service.objects.filter(withdrawn=False), to_attr="offered")
        return Organization.objects.registered().select_related("place", "kind").prefetch_related(offered)

    def document(self, obj: Any) -> Document:
        services = [f"{service.name}：{service.description}" for service in obj.offered]
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=obj.name,
            url=obj.get_absolute_url(),
            body="\n".join([obj.aims, *services]),
            heading=f"{obj.kind} {obj.get_field_of_work_display()}",
            names=tuple(filter(None, [obj.credit_code, obj.number])),
            summary=obj.aims,
            place=obj.place.name,
            date=obj.registered_on,
            suggest=(obj.name,),
            label=f"{obj.place} {obj.kind}",
        )


class ServiceSource(Source):
    """What organizations offer to residents."""

    name = "service"
    label = _("社会服务")
    model = Service
    order = 65

    def queryset(self) -> "QuerySet[Service]":
        return Service.objects.offered().select_related("organization__place")

    def document(self, obj: Any) -> Document:
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=obj.name,
            url=obj.get_absolute_url(),
            body="\n".join([obj.description, obj.location, obj.hours, obj.cost]),
            heading=f"{obj.organization.name} {obj.get_audience_display()}",
            summary=obj.description,
            place=obj.organization.place.name,
            date=obj.confirmed_on,
            suggest=(obj.name,),
            label=f"{obj.organization.place} {obj.organization.name}",
        )


register(OrganizationSource())
register(ServiceSource())
