"""Grids from a spreadsheet: the one part of the tree of places that villages draw themselves."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.importing import cells
from registry.importing.columns import CellWidget, Column, PlaceReader
from registry.importing.resources import SheetResource, register
from registry.places import actions
from registry.places.models import Place


@register
class GridResource(SheetResource):
    """Grids and micro-grids, by their codes."""

    key = "places.grid"
    title = _("网格、微网格")
    description = _("村、社区下的网格和网格下的微网格。代码已有的修改，没有的新增；不会删除。")
    model = Place
    permission = "places.add_place"

    code = Column(
        _("代码"),
        "code",
        cells.digits,
        required=True,
        max_length=20,
        help_text=_("上级的代码加 -序号。"),
        example="990100001201-01",
    )
    name = Column(_("名称"), "name", required=True, max_length=60, example="柳河东网格")
    parent = Column(
        _("上级"), "parent_place", required=True, help_text=_("村、社区或网格的代码或名称。"), example="柳河村"
    )
    population = Column(_("人口"), "population", cells.integer)
    households = Column(_("户数"), "households", cells.integer)
    confirmed_on = Column(
        _("核实日期"), "confirmed_on", cells.date, help_text=_("填了人口或户数就要填。"), example="2026-03-05"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["parent"].widget = CellWidget(PlaceReader(self.by, "places.view_place"))

    def find(self, row: Mapping[str, Any]) -> Place | None:
        """The grid of this code, below a place that the user reaches: otherwise it is another's."""
        grid: Place | None = row["parent_place"].get_descendants().filter(code=row["code"]).first()
        if grid is not None:
            grid.parent_place = grid.get_parent()
        return grid

    def write(self, instance: Place, row: Mapping[str, Any], new: bool) -> None:
        """Draw it, or change its name and figures."""
        figures = {name: row[name] for name in ("population", "households", "confirmed_on") if name in row}
        if new:
            actions.add_grid(parent=row["parent_place"], name=row["name"], code=row["code"], by=self.by, **figures)
            return
        stored = Place.objects.get(pk=instance.pk)
        if stored.name != row["name"]:
            actions.rename(place=stored, name=row["name"], by=self.by)
        if figures:
            actions.change_figures(place=stored, by=self.by, **figures)
