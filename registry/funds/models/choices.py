"""What funds, accounts and vouchers can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FundKind(models.TextChoices):
    """How a fund came to be."""

    COMMUNITY = "community", _("社区基金")
    MICRO = "micro", _("微基金")


class Account(models.TextChoices):
    """The chart of accounts, the same for every fund."""

    CASH = "cash", _("库存现金")
    BANK = "bank", _("银行存款")
    OPENING = "opening", _("开账余额")
    DONATIONS = "donations", _("捐赠收入")
    OTHER_INCOME = "other_income", _("其他收入")
    TRANSFERS_IN = "transfers_in", _("基金间转入")
    GRANTS = "grants", _("资助支出")
    COSTS = "costs", _("管理成本")
    TRANSFERS_OUT = "transfers_out", _("基金间转出")


MONEY_ACCOUNTS = (Account.CASH, Account.BANK)
"""Where the money is: what is debited to one of them came in."""

DEBIT_ACCOUNTS = (*MONEY_ACCOUNTS, Account.GRANTS, Account.COSTS, Account.TRANSFERS_OUT)
"""Assets and expenses grow by debits; the others, income and the opening balance, by credits."""


class Kind(models.TextChoices):
    """What a voucher books."""

    OPENING = "opening", _("开账余额")
    DONATION = "donation", _("捐款收入")
    INCOME = "income", _("其他收入")
    GRANT = "grant", _("资助支出")
    COST = "cost", _("管理成本")
    TRANSFER = "transfer", _("基金间划转")
    MOVE = "move", _("存取现金")
    GOODS_DONATION = "goods_donation", _("物资捐赠")
    GOODS_DISTRIBUTION = "goods_distribution", _("物资发放")
    GOODS_LOSS = "goods_loss", _("物资损耗")
    REVERSAL = "reversal", _("冲销")


MONEY_KINDS = (Kind.OPENING, Kind.DONATION, Kind.INCOME, Kind.GRANT, Kind.COST, Kind.TRANSFER, Kind.MOVE)
GOODS_KINDS = (Kind.GOODS_DONATION, Kind.GOODS_DISTRIBUTION, Kind.GOODS_LOSS)
GOODS_OUT = (Kind.GOODS_DISTRIBUTION, Kind.GOODS_LOSS)
DONATION_KINDS = (Kind.DONATION, Kind.GOODS_DONATION)
GRANT_KINDS = (Kind.GRANT, Kind.GOODS_DISTRIBUTION)

AGAINST = {
    Kind.OPENING: Account.OPENING,
    Kind.DONATION: Account.DONATIONS,
    Kind.INCOME: Account.OTHER_INCOME,
    Kind.GRANT: Account.GRANTS,
    Kind.COST: Account.COSTS,
}
"""The account that stands against the money, for the kinds that have one."""


class Status(models.TextChoices):
    """Where a voucher is on its way into the books."""

    PENDING = "pending", _("待审批")
    POSTED = "posted", _("已入账")
    REFUSED = "refused", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


class DonorKind(models.TextChoices):
    """Who gave."""

    PERSON = "person", _("个人")
    ORGANIZATION = "organization", _("单位")
    ANONYMOUS = "anonymous", _("匿名")


class RecipientKind(models.TextChoices):
    """Who received. Persons are never named: they are told as a group."""

    ORGANIZATION = "organization", _("社会组织")
    PLACE = "place", _("村或社区")
    PERSONS = "persons", _("受助群众")


class ReceiptStatus(models.TextChoices):
    """What became of a donation's receipt (Charity Law, article 38)."""

    WANTED = "wanted", _("待开具")
    ISSUED = "issued", _("已开具")
    WAIVED = "waived", _("捐赠人放弃")
    ANONYMOUS = "anonymous", _("匿名捐赠，已登记")
