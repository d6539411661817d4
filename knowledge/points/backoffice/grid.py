"""A grid of households and items for one day: by keyboard, all in one go."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..actions import claims
from ..choices import Source
from ..models import Batch, Household, Item
from .base import VillageView
from .forms import GridStartForm

_MOST = 99


class GridView(VillageView):
    """First what the grid is about, then the grid; a plain form in a table, which a script makes quick."""

    permission = "points.add_claim"
    template_name = "points/admin/grid.html"
    page_title = _("批量登记")
    header_icon = "table"

    def form(self) -> GridStartForm:
        """What the grid is about, as the address says it."""
        chosen = self.request.GET if "items" in self.request.GET else None
        return GridStartForm(chosen, village=self.village)

    def households(self, data: dict[str, Any]) -> list[Household]:
        """The rows: the village's households, or those of one of its grids."""
        rows = Household.objects.current().of_village(self.village)  # type: ignore[arg-type]
        return list((rows.at(data["part"]) if data["part"] else rows).order_by("code"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The grid, with what was typed where it was refused."""
        form = kwargs.pop("form", None) or self.form()
        typed, refusals = kwargs.pop("typed", {}), kwargs.pop("refusals", [])
        context = super().get_context_data(**kwargs) | {"form": form, "refusals": refusals, "most": _MOST}
        if form.is_bound and form.is_valid():
            items = form.cleaned_data["items"]
            context["items"] = items
            context["rows"] = [
                (household, [(item, typed.get(name_of(household, item), "")) for item in items])
                for household in self.households(form.cleaned_data)
            ]
            context["request_key"] = self.request.POST.get("request_key") or uuid4()
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Enter the whole grid, or tell every cell that is refused and keep what was typed."""
        form = self.form()
        if self.village is None or not form.is_bound or not form.is_valid():
            raise Http404
        try:
            batch = self._enter(form.cleaned_data)
        except ValidationError as error:
            typed = {name: value for name, value in request.POST.items() if name.startswith("q-")}
            context = self.get_context_data(form=form, typed=typed, refusals=error.messages)
            return self.render_to_response(context)
        messages.success(request, _now("登记 %(count)d 笔，等别人初审。") % {"count": batch.claims.count()})
        return redirect(f"{reverse('points_grid')}?place={self.village.code}")

    def _enter(self, data: dict[str, Any]) -> Batch:
        deeds, refusals = [], []
        for household, item, value in self._filled(data):
            if value.isdecimal() and 0 < int(value) <= _MOST:
                deeds.append(claims.Deed(household, item, int(value)))
            else:
                refusals.append(
                    _now("%(household)s“%(item)s”：“%(value)s”不是 1 到 %(most)d 的数。")
                    % {"household": household, "item": item.name, "value": value, "most": _MOST}
                )
        if refusals:
            raise ValidationError(refusals)
        try:
            key = UUID(self.request.POST.get("request_key", ""))
        except ValueError as error:
            raise Http404 from error
        return claims.enter_batch(
            place=self.village,  # type: ignore[arg-type]
            title=data["title"],
            happened_on=data["happened_on"],
            deeds=deeds,
            source=Source.GRID,
            by=self.request.user,
            request_key=key,
        )

    def _filled(self, data: dict[str, Any]) -> Iterator[tuple[Household, Item, str]]:
        for household in self.households(data):
            for item in data["items"]:
                value = self.request.POST.get(name_of(household, item), "").strip()
                if value and value != "0":
                    yield household, item, value


def name_of(household: Household, item: Item) -> str:
    """The name of a cell."""
    return f"q-{household.pk}-{item.pk}"
