"""The words that points are kept in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """What an item is about: the parts of a covenant, and the village's own."""

    FAMILY = "family", _("家庭美德")
    NEIGHBOURS = "neighbours", _("邻里和睦")
    CUSTOMS = "customs", _("移风易俗")
    ORDER = "order", _("公共秩序")
    OWN = "own", _("本村特色")


class Account(models.TextChoices):
    """What a line counts towards beside the categories of items."""

    REDEMPTION = "redemption", _("兑换")
    YEAR_END = "year_end", _("年终结转")
    TRANSFER = "transfer", _("分户并户")


ACCOUNTS = [*Category.choices, *Account.choices]


class LineKind(models.TextChoices):
    """Why a line stands in the ledger."""

    AWARD = "award", _("积分")
    REVERSAL = "reversal", _("冲正")
    REDEMPTION = "redemption", _("兑换")
    CARRIED_OUT = "carried_out", _("结转下年")
    CARRIED_IN = "carried_in", _("上年结转")
    RESET = "reset", _("年终清零")
    EXPIRY = "expiry", _("到期作废")
    TRANSFER = "transfer", _("分户并户")


class PeriodKind(models.TextChoices):
    """How long a period is."""

    MONTH = "month", _("月")
    QUARTER = "quarter", _("季度")
    YEAR = "year", _("年")


class YearEnd(models.TextChoices):
    """What becomes of points that were not redeemed by the end of a year."""

    CARRY = "carry", _("结转到下一年")
    RESET = "reset", _("清零")
    EXPIRE = "expire", _("满期作废")


class Source(models.TextChoices):
    """Who brought a claim."""

    HOUSEHOLD = "household", _("农户自报")
    OFFICIAL = "official", _("干部登记")
    GRID = "grid", _("批量登记")
    SHEET = "sheet", _("表格导入")


class ClaimState(models.TextChoices):
    """How far a claim has come."""

    ENTERED = "entered", _("待初审")
    CHECKED = "checked", _("待评议")
    PUBLICIZED = "publicized", _("公示中")
    POSTED = "posted", _("已入账")
    REFUSED = "refused", _("不予积分")
