"""The publicity sheet: what every household got in a month, for the notice board."""

from datetime import date, timedelta
from urllib.parse import urljoin

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from printing.fetcher import base_url
from registry.places.models import Place

from ..actions.rules import rules_of
from ..choices import Category
from . import households
from .base import Column, Figures, Report, Table, by_account
from .registry import register
from .spans import Span


class Publicity(Report):
    """Households with their points by category, total and rank; how and until when to object."""

    name = "publicity"
    label = _("积分公示")
    about = _("每户本期各类积分、合计和名次，张贴在公示栏，附公示期限和提异议的办法。")
    icon = "list-ul"
    position = 1
    prefix = "积公"
    is_public = True
    first_page = 27
    ending = 16

    columns = (
        Column("code", _("户号"), 5),
        Column("name", _("户主"), 8),
        *households.EARNED,
        Column("earned", _("合计"), 5, "integer", summed=True),
        Column("rank", _("名次"), 4, align="center"),
    )

    def figures(self, place: Place, span: Span) -> Figures:
        """Every household of the span, by its code."""
        points = households.points_of(place, span)
        listed = [
            (household, households.earned(points.get(household.pk, {})))
            for household in households.of_span(place, span)
        ]
        ranks = households.ranks(sum(earned.values()) for _household, earned in listed)
        rows = [
            {
                "code": household.code,
                "name": households.posted_name(household, [*earned.values(), sum(earned.values())]),
                **earned,
                "earned": sum(earned.values()),
                "rank": ranks[sum(earned.values())],
            }
            for household, earned in listed
        ]
        table = Table(self.columns, rows)
        scored = sum(1 for household, _earned in listed if set(points.get(household.pk, ())) & set(Category.values))
        return Figures(
            report=self,
            place=place,
            span=span,
            tables=[table],
            accounts=by_account(rows, Category.values),
            summary=[
                (_now("户数"), len(rows)),
                (_now("有积分记录的户"), scored),
                *((str(category.label), table.totals[category]) for category in Category),
                (_now("合计"), table.totals["earned"]),
            ],
            remarks=[
                _now("未同意具名的户只写姓；有扣分的户不写姓名，凭户号自行核对。名次按本期合计，分数相同名次相同。")
            ],
        )

    def notes(self, figures: Figures, today: date) -> list[str]:
        """Since when and until when it is public; where to object."""
        place = figures.place
        until = today + timedelta(days=rules_of(place).publicity_days - 1)
        page = urljoin(base_url(), reverse("points:village", args=[place.code]))
        return [
            _now("公示时间：%(since)s至%(until)s。") % {"since": _day(today), "until": _day(until)},
            _now("对公示内容有异议的，请在公示期内向村（居）民委员会或者监督委员会提出，书面、口头、电话都可以，写明姓名和理由；"
                 "异议成立的，以冲正的办法更正，并在下一期公示。")
            + _now("本村积分规则和公示中的申报见 %(page)s") % {"page": page},
        ]  # fmt: skip


def _day(day: date) -> str:
    return date_format(day, _now("Y年n月j日"))


register(Publicity())
