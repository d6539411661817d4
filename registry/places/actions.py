"""Every write to places that somebody can name. Each tells what it did by `signals.written`, for the audit."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from registry.places import importers, signals
from registry.places.models import Kind, Place

GRIDS = {Kind.VILLAGE: Kind.GRID, Kind.GRID: Kind.MICRO_GRID}
"""What may be added by hand below what: grids below a village, micro-grids below a grid."""

FIGURES = ("latitude", "longitude", "population", "households", "confirmed_on")


@transaction.atomic
def import_places(
    *, path: Path, under: str = "", by: Any = None, progress: importers.Progress | None = None
) -> importers.ImportReport:
    """Bring the tree in line with the tables of the division codes, at and below a code ("" for all of China).

    All or nothing. Raises TableError, which names the file and the line.
    """
    report = importers.import_tables(path, under=under, progress=progress)
    place = Place.objects.filter(code=under).first() or Place(pk=0, name=_("全国"))
    if report.added or report.renamed:
        _tell(
            place,
            by,
            "import_places",
            source=path.name,
            added=dict(report.added),
            renamed=[list(renamed) for renamed in report.renamed[:100]],
            renamed_count=len(report.renamed),
            vanished_count=len(report.vanished),
        )
    return report


@transaction.atomic
def add_grid(*, parent: Place, name: str, by: Any, code: str = "", **figures: Any) -> Place:
    """Draw a grid in a village, or a micro-grid in a grid. Without a code it gets the next free one.

    Figures are `population`, `households`, `confirmed_on`, `latitude`, `longitude`. Raises ValidationError by field.
    """
    # Two who add at once wait for one another: each sees the codes that the other gave.
    parent = Place.objects.select_for_update().get(pk=parent.pk)
    kind = GRIDS.get(Kind(parent.kind))
    if kind is None:
        raise ValidationError(_("只能在村、社区下加网格，或在网格下加微网格。"), code="no_grid_here")
    place = Place(code=code or next_code(parent), name=name.strip(), kind=kind, **_only_figures(figures))
    if not place.code.startswith(f"{parent.code}-"):
        raise ValidationError({"code": _("网格的代码以 %(code)s- 开头。") % {"code": parent.code}})
    place.path, place.depth = parent.path, parent.depth + 1  # for the checks: the tree gives the path
    place.full_clean(exclude=["path"])
    stored: Place = parent.add_child(instance=place)
    _tell(stored, by, "add_grid", code=stored.code, **_told(stored, FIGURES))
    return stored


def next_code(parent: Place) -> str:
    """The code of the next grid: the parent's with -01, -02 …"""
    taken = [code.rpartition("-")[2] for code in parent.get_children().values_list("code", flat=True)]
    return f"{parent.code}-{max((int(number) for number in taken if number.isdigit()), default=0) + 1:02}"


@transaction.atomic
def change_figures(*, place: Place, by: Any, **figures: Any) -> Place:
    """Set the population, the households, the day of confirmation and the centre point; those named, no others."""
    return _change(place, by, "change_figures", _only_figures(figures))


@transaction.atomic
def rename(*, place: Place, name: str, by: Any) -> Place:
    """Give a place another name."""
    return _change(place, by, "rename", {"name": name.strip()})


@transaction.atomic
def delete_place(*, place: Place, by: Any) -> None:
    """Take a grid or micro-grid that nothing stands at out of the tree.

    Places of the statistical codes stay: what was registered there refers to them. Raises ValidationError with what
    stands in the way.
    """
    place = Place.objects.select_for_update().get(pk=place.pk)
    if place.kind not in GRIDS.values():
        raise ValidationError(_("区划代码表里的地方不能删除，只能删除网格和微网格。"), code="listed")
    if not place.is_leaf():
        raise ValidationError(_("“%(place)s”下面还有微网格，请先删除它们。") % {"place": place}, code="has_children")
    _tell(place, by, "delete_place", code=place.code, **_told(place, FIGURES))
    try:
        # A place that something refers to is kept by the database too; a savepoint leaves the transaction usable.
        with transaction.atomic():
            place.delete()
    except (ProtectedError, RestrictedError) as error:
        blocking = getattr(error, "protected_objects", None) or error.restricted_objects  # type: ignore[union-attr]
        raise ValidationError(
            _("“%(place)s”不能删除：这里还登记着%(things)s。") % {"place": place, "things": _counted(blocking)},
            code="in_use",
        ) from error


def _counted(things: Any) -> str:
    counts: dict[str, int] = {}
    for thing in things:
        counts[str(thing._meta.verbose_name)] = counts.get(str(thing._meta.verbose_name), 0) + 1
    return "、".join(_("%(count)s 条%(name)s") % {"count": count, "name": name} for name, count in counts.items())


def _change(place: Place, by: Any, action: str, values: Mapping[str, Any]) -> Place:
    place = Place.objects.select_for_update().get(pk=place.pk)
    before = _told(place, values)
    for name, value in values.items():
        setattr(place, name, value)
    place.full_clean()
    after = _told(place, values)
    if after != before:
        place.save(update_fields=list(values))
        _tell(place, by, action, before=before, after=after)
    return place


def _only_figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := figures.keys() - set(FIGURES):
        raise TypeError(f"No figures of a place: {', '.join(sorted(unknown))}")
    return dict(figures)


def _told(place: Place, names: Any) -> dict[str, Any]:
    """Values as the audit line tells them; a number and its text are the same."""
    told = {}
    for name in names:
        value = getattr(place, name)
        told[name] = str(value) if isinstance(value, (date, Decimal)) else value
    return told


def _tell(place: Place, by: Any, action: str, **details: Any) -> None:
    signals.written.send(sender=Place, by=by, action=f"places.{action}", place=place, details=details)
