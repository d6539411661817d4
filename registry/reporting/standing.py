"""The reports that come with the site."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registry.reporting import datasets, definition
from registry.reporting.definition import COUNT, Definition, Filter, Group
from registry.reporting.models import Report

STANDING: dict[str, tuple[object, object, Definition]] = {
    "organizations-by-township": (
        _("社区社会组织季度统计"),
        _("登记在册的社会组织，按乡镇和类别。"),
        Definition(
            "organizations",
            groups=(Group("place", "township"), Group("kind")),
            filters=(Filter("status", "is", "registered"),),
        ),
    ),
    "organizations-expiring": (
        _("社会组织有效期一览"),
        _("登记在册的社会组织，先到期的在前。"),
        Definition(
            "organizations",
            columns=("name", "place", "kind", "registered_on", "valid_until"),
            filters=(Filter("status", "is", "registered"),),
            order="valid_until",
        ),
    ),
    "filings-by-state": (
        _("备案办理情况"),
        _("今年的备案申请，按乡镇和状态。"),
        Definition(
            "filings",
            groups=(Group("place", "township"), Group("state")),
            filters=(Filter("submitted_at", "period", "this_year"),),
        ),
    ),
    "contracts": (
        _("政府购买服务台账"),
        _("合同、金额、期限和绩效评价。"),
        Definition(
            "contracts",
            columns=("number", "title", "organization", "purchaser", "amount", "starts_on", "ends_on", "rating"),
            order="-starts_on",
        ),
    ),
    "volunteers-by-village": (
        _("各村注册志愿者"),
        _("志愿者人数，按村、社区。"),
        Definition("volunteers", groups=(Group("place", "village"),), order="-count"),
    ),
    "hours-by-village-and-month": (
        _("各村志愿服务时长（按月）"),
        _("近十二个月的服务时长，按村和月份；更正的已经抵减。"),
        Definition(
            "hours",
            groups=(Group("place", "village"), Group("date", "month")),
            totals=(COUNT, "hours"),
            filters=(Filter("date", "period", "twelve_months"), Filter("kind", "is", "service")),
        ),
    ),
    "hours-by-field": (
        _("志愿服务类别构成"),
        _("今年的服务时长，按活动类别。"),
        Definition(
            "hours",
            groups=(Group("field"),),
            totals=(COUNT, "hours"),
            filters=(Filter("date", "period", "this_year"), Filter("kind", "is", "service")),
            order="-hours",
        ),
    ),
    "fund-entries-by-month": (
        _("基金月度收支"),
        _("近十二个月的收入和支出，按基金和月份；冲销记在它动钱的那一边。"),
        Definition(
            "entries",
            groups=(Group("fund"), Group("on", "month")),
            totals=(COUNT, "income", "expense"),
            filters=(Filter("on", "period", "twelve_months"),),
        ),
    ),
    "fund-disclosure": (
        _("基金信息公开情况"),
        _("每个基金已公开到哪一天，最久没有公开的在前。"),
        Definition(
            "funds", columns=("name", "place", "manager", "started_on", "disclosed_until"), order="disclosed_until"
        ),
    ),
    "goods-by-fund": (
        _("基金物资收发"),
        _("今年的物资收发和估价，按基金和方向。"),
        Definition(
            "goods",
            groups=(Group("fund"), Group("incoming")),
            totals=(COUNT, "value"),
            filters=(Filter("on", "period", "this_year"),),
        ),
    ),
}


@transaction.atomic
def install() -> int:
    """Bring the standing reports in line with what is written here; how many there are."""
    for key, (title, description, stated) in STANDING.items():
        definition.check(stated, datasets.dataset(stated.dataset))
        Report.objects.update_or_create(
            standing=key,
            defaults={
                "title": str(title),
                "description": str(description),
                "dataset": stated.dataset,
                "definition": stated.as_json(),
            },
        )
    Report.objects.exclude(standing="").exclude(standing__in=STANDING).delete()
    return len(STANDING)
