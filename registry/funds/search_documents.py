"""Funds as the search sees them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.funds.actions.funds import SOURCE
from registry.funds.models import Fund
from search.documents import Document, Source, register


class FundSource(Source):
    """Funds, found by their names, purposes, managers and places. No line of their books is searched."""

    name = SOURCE
    label = _("社区基金")
    model = Fund
    order = 80

    def queryset(self) -> "QuerySet[Any]":
        """Every fund: those that ended still answer for what they gave."""
        return Fund.objects.select_related("manager", "place").order_by("pk")

    def document(self, obj: Fund) -> Document:
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=obj.name,
            url=obj.get_absolute_url(),
            label=str(obj.get_kind_display()),
            heading=f"{obj.place.name} {obj.manager.name}",
            summary=obj.purpose,
            body=obj.rules,
            place=obj.place.name,
            date=obj.started_on,
            suggest=(obj.name,),
        )


register(FundSource())
