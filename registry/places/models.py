"""The tree that everything else stands in: from the province down to the micro-grid of a village."""

from collections.abc import Iterable
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet


class Kind(models.TextChoices):
    """What a place is, from the widest to the narrowest.

    The first five are the levels of the statistical division codes; grids are drawn by the village itself.
    """

    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("区县")
    TOWNSHIP = "township", _("乡镇、街道")
    VILLAGE = "village", _("村、社区")
    GRID = "grid", _("网格")
    MICRO_GRID = "micro_grid", _("微网格")

    @property
    def rank(self) -> int:
        """0 for a province, 6 for a micro-grid: a place stands in one of a smaller rank."""
        return list(Kind).index(self)


class PlaceQuerySet(MP_NodeQuerySet):
    """Places, by what is asked of them."""

    def within(self, places: Iterable["Place"], lookup: str = "") -> Self:
        """These places and everything below them."""
        return self.filter(subtree(places, lookup))

    def of_kind(self, *kinds: str) -> Self:
        """Places of these kinds."""
        return self.filter(kind__in=kinds)


# A path is made of digits and capitals, so that everything below a place sorts between its path and this. A range is
# found through the index on every database; a prefix is not on SQLite, whose LIKE minds no case.
_LAST = "Z" * 40


def below_path(path: str, lookup: str = "") -> Q:
    """The condition that what `lookup` leads to has this path or stands below it.

    It leads to a place ("" for a place itself), or to a text that keeps a place's path, whose name ends in `_path`.
    """
    field = lookup if lookup.endswith("_path") else f"{lookup}__path" if lookup else "path"
    return Q(**{f"{field}__range": (path, path + _LAST)})


def subtree(places: Iterable["Place"], lookup: str = "") -> Q:
    """The condition that what `lookup` leads to ("" for a place itself) is one of the places or stands below one.

    No place gives a condition that nothing fulfils: who reaches no place sees nothing.
    """
    condition = Q(pk__in=[])
    for place in places:
        condition |= below_path(place.path, lookup)
    return condition


class PlaceManager(MP_NodeManager.from_queryset(PlaceQuerySet)):  # type: ignore[misc]
    """Places in the order of the tree."""

    def get_queryset(self) -> PlaceQuerySet:
        """Treebeard's own manager makes its own querysets, without our methods."""
        return PlaceQuerySet(self.model, using=self._db).order_by("path")


class Place(MP_Node):
    """A province, city, county, township, village or grid."""

    code = models.CharField(
        _("代码"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^\d{2,12}(-\d{1,3}){0,2}$", _("代码是 2 至 12 位数字；网格在村代码后加 -序号。"))],
        help_text=_("统计用区划代码；网格为村代码加序号，例如 330522101201-01。"),
    )
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("层级"), max_length=12, choices=Kind.choices)
    latitude = models.DecimalField(
        _("纬度"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("经度"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    population = models.PositiveIntegerField(_("人口"), null=True, blank=True)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    confirmed_on = models.DateField(_("人口户数核实日期"), null=True, blank=True)

    place_lookup = ""

    objects = PlaceManager()

    class Meta:
        verbose_name = _("地方")
        verbose_name_plural = _("地方")
        constraints = [
            models.CheckConstraint(
                name="place_kind_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message=_("没有这个层级。"),
            ),
            models.CheckConstraint(
                name="place_point_whole",
                # A range says nothing of what is missing: that both are there is said beside it.
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                violation_error_message=_("经纬度要么都填，要么都不填。"),
            ),
            models.CheckConstraint(
                name="place_figures_confirmed",
                condition=Q(population=None, households=None) | Q(confirmed_on__isnull=False),
                violation_error_message=_("填了人口或户数，就要填核实日期。"),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "path"]),
            models.Index(fields=["depth", "path"]),
            models.Index(fields=["name"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """The name with those above it, from the county down: 安吉县递铺街道鲁家村."""
        above = [place.name for place in self.get_ancestors() if Kind(place.kind).rank >= Kind.COUNTY.rank]
        return "".join([*above, self.name])

    def holds(self, other: "Place") -> bool:
        """Whether the other is this place or stands below it."""
        return bool(other.path.startswith(self.path))

    def above(self, kind: str) -> "Place | None":
        """This place or the one above it that is of this kind."""
        if self.kind == kind:
            return self
        found: Place | None = self.get_ancestors().filter(kind=kind).first()
        return found


def on_the_way(paths: Iterable[str]) -> set[str]:
    """The paths of the places that these lead to, and of all that those stand in."""
    steps = Place.steplen
    return {path[:length] for path in paths for length in range(steps, len(path) + 1, steps)}


# Levels that are there for the codes alone, which nobody would say: 北京市市辖区东城区.
_FILLERS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def trails(places: Iterable[Place]) -> dict[str, str]:
    """What each place stands in, by its path: 浙江省 湖州市 安吉县 for a township. One query for all of them.

    Levels that are there for the codes alone are left out, and so is a city that is its own county (东莞市).
    """
    steps = Place.steplen
    paths = {place.path for place in places}
    above = Place.objects.filter(path__in=on_the_way(path[:-steps] for path in paths)).order_by()
    names = dict(above.values_list("path", "name"))
    found = {}
    for path in paths:
        parts: list[str] = []
        for length in range(steps, len(path), steps):
            name = names.get(path[:length], "")
            if name and name not in _FILLERS and name not in parts:
                parts.append(name)
        found[path] = " ".join(parts)
    return found
