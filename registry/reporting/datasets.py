"""The datasets: what the registers hold, as reports see it."""

from typing import Any

from django.db import models
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from registry.funds import models as funds
from registry.organizations import models as organizations
from registry.reporting.facts import Dataset, Fact, Kind, Text
from registry.volunteers import models as volunteers

_KINDS = (
    (models.DateTimeField, Kind.MOMENT),
    (models.DateField, Kind.DATE),
    (models.BooleanField, Kind.BOOLEAN),
    (models.DecimalField, Kind.MONEY),
    (models.IntegerField, Kind.INTEGER),
)
"""What a column of a model is as a fact; the first that fits."""


def _fact(model: type[models.Model], key: str, label: Text, path: str = "") -> Fact:
    """A fact that is a column of the model, or of what `path` leads to: its kind and choices are the column's."""
    column: Any = None
    for step in (path or key).split("__"):
        # Not `related_model`, which waits until the models of all apps are loaded.
        column = (column.remote_field.model if column else model)._meta.get_field(step)
    if column.is_relation:
        return Fact(key, label, path or key, Kind.PLACE)
    if column.choices:
        return Fact(key, label, path or key, Kind.CHOICE, dict(column.flatchoices))
    kind = next((kind for of, kind in _KINDS if isinstance(column, of)), Kind.TEXT)
    return Fact(key, label, path or key, kind)


def _dataset(
    key: str,
    title: Text,
    model: type[models.Model],
    counted: Text,
    *facts: Fact | tuple[str, Text] | tuple[str, Text, str],
    **how: Any,
) -> Dataset:
    """A dataset of a model, whose facts are columns: key, label and, where it is not the key, the path.

    What is no column, or says something else than its column, stands as a Fact.
    """
    stated = tuple(fact if isinstance(fact, Fact) else _fact(model, *fact) for fact in facts)
    return Dataset(key, title, model, stated, counted=counted, **how)


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


ORGANIZATIONS = _dataset(
    "organizations",
    _("社会组织"),
    organizations.Organization,
    _("组织数"),
    ("name", _("名称")),
    ("number", _("编号")),
    ("place", _("所在地")),
    ("kind", _("类别"), "kind__name"),
    ("form", _("法律形式")),
    ("field", _("业务领域"), "field_of_work"),
    ("status", _("状态")),
    ("registered_on", _("备案日期")),
    ("valid_until", _("有效期至")),
    row_url=_edit_url("organizations:inspect"),
)

FILINGS = _dataset(
    "filings",
    _("备案申请"),
    organizations.Filing,
    _("申请数"),
    ("name", _("组织名称")),
    ("place", _("所在地")),
    ("purpose", _("事项")),
    ("state", _("状态")),
    ("submitted_at", _("提交时间")),
    ("due_on", _("应办结日期")),
    ("decided_at", _("办结时间")),
)

SERVICES = _dataset(
    "services",
    _("组织提供的服务"),
    organizations.Service,
    _("服务数"),
    ("organization", _("社会组织"), "organization__name"),
    ("name", _("服务名称")),
    ("place", _("所在地"), "organization__place"),
    ("audience", _("服务对象")),
    ("confirmed_on", _("最近核实日期")),
    ("withdrawn", _("已停止")),
)

CONTRACTS = _dataset(
    "contracts",
    _("政府购买服务"),
    organizations.PurchasedService,
    _("合同数"),
    ("number", _("合同编号")),
    ("title", _("项目名称")),
    ("organization", _("承接组织"), "organization__name"),
    ("place", _("所在地"), "organization__place"),
    ("purchaser", _("购买单位")),
    ("amount", _("金额（元）")),
    ("starts_on", _("开始日期")),
    ("ends_on", _("结束日期")),
    ("rating", _("绩效评价")),
)

VOLUNTEERS = _dataset(
    "volunteers",
    _("志愿者"),
    volunteers.Volunteer,
    _("人数"),
    ("name", _("姓名")),
    ("place", _("居住地")),
    ("registered_at", _("登记时间")),
    ("of_age_on", _("成年日期")),
)

ACTIVITIES = _dataset(
    "activities",
    _("志愿活动"),
    volunteers.Activity,
    _("活动数"),
    ("title", _("名称")),
    ("place", _("地方")),
    ("organization", _("组织者"), "organization__name"),
    ("field", _("类别")),
    ("state", _("状态")),
    ("published_at", _("发布时间")),
    ("risky", _("可能有人身危险")),
)

HOURS = _dataset(
    "hours",
    _("志愿服务时长"),
    volunteers.HourLine,
    _("记录数"),
    ("date", _("日期")),
    ("volunteer", _("志愿者"), "volunteer__name"),
    ("activity", _("活动"), "activity__title"),
    ("place", _("活动地"), "activity__place"),
    ("organization", _("组织者"), "activity__organization__name"),
    ("field", _("活动类别"), "activity__field"),
    ("kind", _("类别")),
    Fact("hours", _("时长（小时）"), "halves", Kind.HALVES),
)

FUNDS = _dataset(
    "funds",
    _("社区基金"),
    funds.Fund,
    _("基金数"),
    ("name", _("名称")),
    ("code", _("编号")),
    ("place", _("监管单位所在地")),
    ("manager", _("管理组织"), "manager__name"),
    ("kind", _("类型")),
    ("started_on", _("设立日期")),
    Fact("disclosed_until", _("已公开至"), "disclosed_until", Kind.DATE),
    narrow=_funds,
)

ENTRIES = _dataset(
    "entries",
    _("基金收支"),
    funds.Entry,
    _("笔数"),
    ("on", _("日期")),
    ("fund", _("基金"), "fund__name"),
    ("place", _("监管单位所在地"), "fund__place"),
    ("kind", _("事项")),
    ("purpose", _("事由")),
    Fact("income", _("收入（元）"), "income", Kind.MONEY),
    Fact("expense", _("支出（元）"), "expense", Kind.MONEY),
    narrow=_entries,
)

GOODS = _dataset(
    "goods",
    _("基金物资"),
    funds.GoodsLine,
    _("笔数"),
    ("on", _("日期")),
    ("fund", _("基金"), "stock__fund__name"),
    ("place", _("监管单位所在地"), "stock__fund__place"),
    ("goods", _("物资名称"), "stock__goods"),
    ("unit", _("计量单位"), "stock__unit"),
    ("incoming", _("入库")),
    ("purpose", _("事由")),
    ("value", _("估价（元）")),
)

STATEMENTS = _dataset(
    "statements",
    _("基金信息公开"),
    funds.Statement,
    _("公开期数"),
    ("fund", _("基金"), "fund__name"),
    ("place", _("监管单位所在地"), "fund__place"),
    ("starts_on", _("自")),
    ("ends_on", _("至")),
    ("income", _("收入（元）")),
    ("expense", _("支出（元）")),
    ("published_at", _("公开时间")),
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
