"""The ranking and the honours, for the notice board: large type, names by consent only."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from registry.places.models import Place

from ..actions.rules import rules_of
from ..choices import Category
from ..models import Honour, Nomination
from . import households
from .base import Column, Figures, Report, Row, Table
from .registry import register
from .spans import Span


class HonourList(Report):
    """Who earned most, of those that agreed to be named, and who was honoured."""

    name = "honour-list"
    label = _("积分光荣榜")
    about = _("积分排名靠前的户和本期评出的荣誉，A3 大字，张贴在公示栏；只列同意具名的户。")
    icon = "pick"
    position = 2
    prefix = "积榜"
    is_public = True
    paper = "a3"
    template = "points/reports/honour_list.html"
    per_page = 20
    first_page = 17
    ending = 7
    em = 25

    columns = (
        Column("rank", _("名次"), 3.5, "integer", align="center"),
        Column("name", _("户主"), 11),
        Column("code", _("户号"), 5, align="center"),
        Column("earned", _("积分"), 4.5, "integer"),
    )
    honours = (
        Column("honour", _("荣誉"), 14),
        Column("name", _("户主"), 11),
    )

    def figures(self, place: Place, span: Span) -> Figures:
        """The first of the ranking, as many as the village's rules say; ranks are those of the publicity sheet."""
        points = households.points_of(place, span)
        listed = [
            (household, sum(households.earned(points.get(household.pk, {})).values()))
            for household in households.of_span(place, span)
        ]
        ranks = households.ranks(earned for _household, earned in listed)
        named = [one for one in listed if one[0].consent_on and one[1] > 0]
        named.sort(key=lambda one: (-one[1], one[0].code))
        count = rules_of(place).names_on_top
        rows = [
            {"rank": ranks[earned], "name": household.head, "code": household.code, "earned": earned}
            for household, earned in named[:count]
        ]
        honours = self._honours(place, span)
        return Figures(
            report=self,
            place=place,
            span=span,
            tables=[
                Table(self.columns, rows, _now("积分排名"), numbered=False),
                Table(self.honours, honours, _now("荣誉"), numbered=False),
            ],
            accounts={category: sum(of.get(category, 0) for of in points.values()) for category in Category.values},
            summary=[
                (_now("户数"), len(listed)),
                (_now("上榜户数"), len(rows)),
                (_now("上榜积分"), sum(earned for _household, earned in named[:count])),
                (_now("荣誉"), len(honours)),
                (_now("全村积分"), sum(earned for _household, earned in listed)),
            ],
            remarks=[_now("只列同意具名的户；名次是在全村各户里的名次。")],
        )

    def _honours(self, place: Place, span: Span) -> list[Row]:
        awarded = Nomination.objects.filter(
            honour__place=place,
            honour__state=Honour.State.AWARDED,
            honour__awarded_on__range=(span.first_day, span.last_day),
            awarded=True,
        )
        rows = awarded.select_related("honour", "household").order_by("honour__awarded_on", "honour", "household__code")
        return [{"honour": str(one.honour), "name": one.household.public_name} for one in rows]


register(HonourList())
