"""The datasets: what the registers hold, as reports see it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from registry.funds import models as funds
from registry.organizations import choices as organization_choices
from registry.organizations import models as organizations
from registry.reporting.facts import Dataset, Fact, Kind, Text
from registry.volunteers import choices as volunteer_choices
from registry.volunteers import models as volunteers


def _choices(pairs: Iterable[tuple[Any, Text]]) -> dict[Any, Text]:
    return dict(pairs)


def _edit_url(name: str) -> Any:
    """The address of a row in the back office; "" where the app offers none."""

    def url(pk: Any) -> str:
        try:
            return reverse(name, args=[pk])
        except NoReverseMatch:
            return ""

    return url


def _entries(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Money that came in and went out. A reversal counts on the side on which it moves money, as in the statements."""
    nothing = Value(0, output_field=funds.MONEY)
    came_in = When(change__gt=0, then=F("change"))
    went_out = When(change__lt=0, then=-F("change"))
    return (
        rows.disclosed()  # type: ignore[attr-defined]
        .with_change()
        .annotate(
            income=Case(came_in, default=nothing, output_field=funds.MONEY),
            expense=Case(went_out, default=nothing, output_field=funds.MONEY),
        )
    )


def _funds(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Funds with what they have and the last day that they accounted for."""
    latest = funds.Statement.objects.filter(fund=OuterRef("pk")).order_by("-ends_on").values("ends_on")[:1]
    return rows.with_balance().annotate(disclosed_until=Subquery(latest))  # type: ignore[attr-defined]


ORGANIZATIONS = Dataset(
    key="organizations",
    title=_("社会组织"),
    model=organizations.Organization,
    counted=_("组织数"),
    row_url=_edit_url("organizations:inspect"),
    facts=(
        Fact("name", _("名称"), "name"),
        Fact("number", _("编号"), "number"),
        Fact("place", _("所在地"), "place", Kind.PLACE),
        Fact("kind", _("类别"), "kind__name"),
        Fact("form", _("法律形式"), "form", Kind.CHOICE, _choices(organization_choices.LegalForm.choices)),
        Fact("field", _("业务领域"), "field_of_work", Kind.CHOICE, _choices(organization_choices.FieldOfWork.choices)),
        Fact("status", _("状态"), "status", Kind.CHOICE, _choices(organization_choices.Status.choices)),
        Fact("registered_on", _("备案日期"), "registered_on", Kind.DATE),
        Fact("valid_until", _("有效期至"), "valid_until", Kind.DATE),
    ),
)

FILINGS = Dataset(
    key="filings",
    title=_("备案申请"),
    model=organizations.Filing,
    counted=_("申请数"),
    facts=(
        Fact("name", _("组织名称"), "name"),
        Fact("place", _("所在地"), "place", Kind.PLACE),
        Fact("purpose", _("事项"), "purpose", Kind.CHOICE, _choices(organization_choices.Purpose.choices)),
        Fact("state", _("状态"), "state", Kind.CHOICE, _choices(organization_choices.State.choices)),
        Fact("submitted_at", _("提交时间"), "submitted_at", Kind.MOMENT),
        Fact("due_on", _("应办结日期"), "due_on", Kind.DATE),
        Fact("decided_at", _("办结时间"), "decided_at", Kind.MOMENT),
    ),
)

SERVICES = Dataset(
    key="services",
    title=_("组织提供的服务"),
    model=organizations.Service,
    counted=_("服务数"),
    facts=(
        Fact("organization", _("社会组织"), "organization__name"),
        Fact("name", _("服务名称"), "name"),
        Fact("place", _("所在地"), "organization__place", Kind.PLACE),
        Fact("audience", _("服务对象"), "audience", Kind.CHOICE, _choices(organization_choices.Audience.choices)),
        Fact("confirmed_on", _("最近核实日期"), "confirmed_on", Kind.DATE),
        Fact("withdrawn", _("已停止"), "withdrawn", Kind.BOOLEAN),
    ),
)

CONTRACTS = Dataset(
    key="contracts",
    title=_("政府购买服务"),
    model=organizations.PurchasedService,
    counted=_("合同数"),
    facts=(
        Fact("number", _("合同编号"), "number"),
        Fact("title", _("项目名称"), "title"),
        Fact("organization", _("承接组织"), "organization__name"),
        Fact("place", _("所在地"), "organization__place", Kind.PLACE),
        Fact("purchaser", _("购买单位"), "purchaser"),
        Fact("amount", _("金额（元）"), "amount", Kind.MONEY),
        Fact("starts_on", _("开始日期"), "starts_on", Kind.DATE),
        Fact("ends_on", _("结束日期"), "ends_on", Kind.DATE),
        Fact("rating", _("绩效评价"), "rating", Kind.CHOICE, _choices(organization_choices.Rating.choices)),
    ),
)

VOLUNTEERS = Dataset(
    key="volunteers",
    title=_("志愿者"),
    model=volunteers.Volunteer,
    counted=_("人数"),
    facts=(
        Fact("name", _("姓名"), "name"),
        Fact("place", _("居住地"), "place", Kind.PLACE),
        Fact("registered_at", _("登记时间"), "registered_at", Kind.MOMENT),
        Fact("of_age_on", _("成年日期"), "of_age_on", Kind.DATE),
    ),
)

ACTIVITIES = Dataset(
    key="activities",
    title=_("志愿活动"),
    model=volunteers.Activity,
    counted=_("活动数"),
    facts=(
        Fact("title", _("名称"), "title"),
        Fact("place", _("地方"), "place", Kind.PLACE),
        Fact("organization", _("组织者"), "organization__name"),
        Fact("field", _("类别"), "field", Kind.CHOICE, _choices(volunteer_choices.Field.choices)),
        Fact("state", _("状态"), "state", Kind.CHOICE, _choices(volunteer_choices.ActivityState.choices)),
        Fact("published_at", _("发布时间"), "published_at", Kind.MOMENT),
        Fact("risky", _("可能有人身危险"), "risky", Kind.BOOLEAN),
    ),
)

HOURS = Dataset(
    key="hours",
    title=_("志愿服务时长"),
    model=volunteers.HourLine,
    counted=_("记录数"),
    facts=(
        Fact("date", _("日期"), "date", Kind.DATE),
        Fact("volunteer", _("志愿者"), "volunteer__name"),
        Fact("activity", _("活动"), "activity__title"),
        Fact("place", _("活动地"), "activity__place", Kind.PLACE),
        Fact("organization", _("组织者"), "activity__organization__name"),
        Fact("field", _("活动类别"), "activity__field", Kind.CHOICE, _choices(volunteer_choices.Field.choices)),
        Fact("kind", _("类别"), "kind", Kind.CHOICE, _choices(volunteer_choices.LineKind.choices)),
        Fact("hours", _("时长（小时）"), "halves", Kind.HALVES),
    ),
)

FUNDS = Dataset(
    key="funds",
    title=_("社区基金"),
    model=funds.Fund,
    counted=_("基金数"),
    narrow=_funds,
    facts=(
        Fact("name", _("名称"), "name"),
        Fact("code", _("编号"), "code"),
        Fact("place", _("监管单位所在地"), "place", Kind.PLACE),
        Fact("manager", _("管理组织"), "manager__name"),
        Fact("kind", _("类型"), "kind", Kind.CHOICE, _choices(funds.FundKind.choices)),
        Fact("started_on", _("设立日期"), "started_on", Kind.DATE),
        Fact("disclosed_until", _("已公开至"), "disclosed_until", Kind.DATE),
    ),
)

ENTRIES = Dataset(
    key="entries",
    title=_("基金收支"),
    model=funds.Entry,
    counted=_("笔数"),
    narrow=_entries,
    facts=(
        Fact("on", _("日期"), "on", Kind.DATE),
        Fact("fund", _("基金"), "fund__name"),
        Fact("place", _("监管单位所在地"), "fund__place", Kind.PLACE),
        Fact("kind", _("事项"), "kind", Kind.CHOICE, _choices(funds.Kind.choices)),
        Fact("purpose", _("事由"), "purpose"),
        Fact("income", _("收入（元）"), "income", Kind.MONEY),
        Fact("expense", _("支出（元）"), "expense", Kind.MONEY),
    ),
)

GOODS = Dataset(
    key="goods",
    title=_("基金物资"),
    model=funds.GoodsLine,
    counted=_("笔数"),
    facts=(
        Fact("on", _("日期"), "on", Kind.DATE),
        Fact("fund", _("基金"), "stock__fund__name"),
        Fact("place", _("监管单位所在地"), "stock__fund__place", Kind.PLACE),
        Fact("goods", _("物资名称"), "stock__goods"),
        Fact("unit", _("计量单位"), "stock__unit"),
        Fact("incoming", _("入库"), "incoming", Kind.BOOLEAN),
        Fact("purpose", _("事由"), "purpose"),
        Fact("value", _("估价（元）"), "value", Kind.MONEY),
    ),
)

STATEMENTS = Dataset(
    key="statements",
    title=_("基金信息公开"),
    model=funds.Statement,
    counted=_("公开期数"),
    facts=(
        Fact("fund", _("基金"), "fund__name"),
        Fact("place", _("监管单位所在地"), "fund__place", Kind.PLACE),
        Fact("starts_on", _("自"), "starts_on", Kind.DATE),
        Fact("ends_on", _("至"), "ends_on", Kind.DATE),
        Fact("income", _("收入（元）"), "income", Kind.MONEY),
        Fact("expense", _("支出（元）"), "expense", Kind.MONEY),
        Fact("published_at", _("公开时间"), "published_at", Kind.MOMENT),
    ),
)

ALL = (
    ORGANIZATIONS,
    FILINGS,
    SERVICES,
    CONTRACTS,
    VOLUNTEERS,
    ACTIVITIES,
    HOURS,
    FUNDS,
    ENTRIES,
    GOODS,
    STATEMENTS,
)


def dataset(key: str) -> Dataset:
    """The dataset of this key. Raises KeyError."""
    for one in ALL:
        if one.key == key:
            return one
    raise KeyError(key)


def datasets_for(user: Any) -> list[Dataset]:
    """The datasets whose rows a user may see somewhere."""
    return [one for one in ALL if user.has_perm(one.permission)]
