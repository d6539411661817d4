"""The demo's places: a county that is on no map, whose codes begin with 99, which no real division's do."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from registry.places.models import Kind, Place

COUNTY = ("990100", "云溪县")


Point = tuple[Decimal, Decimal]


class Figures(NamedTuple):
    """Households and people of a place, and the day on which they were confirmed."""

    households: int
    population: int
    confirmed_on: date

    def split(self, parts: int, chance: random.Random) -> list["Figures"]:
        """The same households and people, in parts that add up to them."""
        weights = [chance.uniform(0.7, 1.3) for _ in range(parts)]
        households = [int(self.households * weight / sum(weights)) for weight in weights]
        households[0] += self.households - sum(households)
        people = [self.population * some // self.households for some in households]
        people[0] += self.population - sum(people)
        return [Figures(*both, self.confirmed_on) for both in zip(households, people, strict=True)]


@dataclass(frozen=True)
class DemoVillage:
    """A village or community of the demo, and its grids' names."""

    number: int
    name: str
    grids: tuple[str, ...]


@dataclass(frozen=True)
class DemoTownship:
    """A township of the demo with its villages, around a centre point."""

    code: str
    name: str
    centre: Point
    villages: tuple[DemoVillage, ...]


TOWNSHIPS = (
    DemoTownship(
        "990100001",
        "清溪镇",
        (Decimal("30.612400"), Decimal("119.684200")),
        (
            DemoVillage(1, "石桥社区", ("石桥一区", "石桥二区", "安居苑", "文化站片", "老街")),
            DemoVillage(201, "柳河村", ("柳河东", "柳河西", "上柳", "下柳")),
            DemoVillage(202, "竹岭村", ("竹岭", "前坞", "后坞")),
            DemoVillage(203, "青田村", ("青田", "大塘", "小塘", "水口")),
        ),
    ),
    DemoTownship(
        "990100002",
        "石桥乡",
        (Decimal("30.548300"), Decimal("119.601500")),
        (
            DemoVillage(201, "龙门村", ("龙门", "外龙门", "石井")),
            DemoVillage(202, "梅坞村", ("梅坞", "里坞", "茶场", "岭脚")),
            DemoVillage(203, "白茶村", ("上白茶", "下白茶", "新村")),
            DemoVillage(204, "云上村", ("云上", "半山", "枫树湾", "溪头", "杨家")),
        ),
    ),
    DemoTownship(
        "990100003",
        "东湖街道",
        (Decimal("30.655100"), Decimal("119.742700")),
        (
            DemoVillage(1, "湖滨社区", ("湖滨一期", "湖滨二期", "望湖苑", "东湖路", "市场片", "码头片")),
            DemoVillage(2, "新安社区", ("新安里", "学府里", "工业园", "新安北")),
            DemoVillage(3, "桂花社区", ("桂花园", "桂花新村", "车站片")),
            DemoVillage(201, "荷塘村", ("荷塘", "东荷", "西荷", "𬒈石")),
        ),
    ),
)


@transaction.atomic
def load(*, seed: int = 1) -> Place:
    """The demo's county with all below it. What is there already stays as it is. Returns the county."""
    chance = random.Random(seed)  # noqa: S311 - figures of a demo
    county = _ensure(None, Kind.COUNTY, *COUNTY, centre=(Decimal("30.605000"), Decimal("119.676000")))
    for township in TOWNSHIPS:
        below = _ensure(county, Kind.TOWNSHIP, township.code, township.name, centre=township.centre)
        for village in township.villages:
            _load_village(below, township, village, chance)
    return county


def villages() -> list[Place]:
    """The demo's villages and communities, in the order of their codes."""
    return list(Place.objects.of_kind(Kind.VILLAGE).filter(code__startswith=COUNTY[0]).order_by("code"))


def _load_village(township: Place, drawn: DemoTownship, village: DemoVillage, chance: random.Random) -> None:
    code = f"{drawn.code}{village.number:03}"
    point = _beside(drawn.centre, chance, "0.03")
    households = chance.randint(250, 400)
    figures = Figures(households, round(households * chance.uniform(2.7, 3.3)), _confirmed(chance))
    place = _ensure(township, Kind.VILLAGE, code, village.name, point, figures)
    shares = figures.split(len(village.grids), chance)
    largest = max(shares, key=lambda share: share.households)
    for number, (name, share) in enumerate(zip(village.grids, shares, strict=True), start=1):
        grid_code = f"{code}-{number:02}"
        grid = _ensure(place, Kind.GRID, grid_code, f"{name}网格", _beside(point, chance, "0.004"), share)
        if share is not largest:
            continue
        # The largest grid of a village is drawn finer: some thirty-five households to each micro-grid.
        for part, few in enumerate(share.split(max(2, share.households // 35), chance), start=1):
            _ensure(grid, Kind.MICRO_GRID, f"{grid_code}-{part:02}", f"{name}第{part}微网格", figures=few)


def _ensure(
    parent: Place | None,
    kind: str,
    code: str,
    name: str,
    centre: Point | None = None,
    figures: Figures | None = None,
) -> Place:
    found: Place | None = Place.objects.filter(code=code).first()
    if found is not None:
        return found
    place = Place(code=code, name=name, kind=kind)
    if centre is not None:
        place.latitude, place.longitude = centre
    if figures is not None:
        place.households, place.population, place.confirmed_on = figures
    if parent is None:
        added: Place = Place.add_root(instance=place)
        return added
    # A child added through another object is counted in the database alone.
    parent.refresh_from_db()
    child: Place = parent.add_child(instance=place)
    return child


def _confirmed(chance: random.Random) -> date:
    return date(2026, 1, 4) + timedelta(days=chance.randrange(120))


def _beside(point: Point, chance: random.Random, spread: str) -> Point:
    latitude, longitude = (
        (value + Decimal(spread) * Decimal(chance.randrange(-100, 101)) / 100).quantize(Decimal("0.000001"))
        for value in point
    )
    return latitude, longitude
