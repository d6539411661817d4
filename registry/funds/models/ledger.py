"""The books of money: one row for each entry, with the account that it debits and the one that it credits.

Debit and credit are one amount in one row: an entry that does not balance cannot be written (decision 70).
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet

from .choices import AGAINST, MONEY_ACCOUNTS, MONEY_KINDS, Account, Kind
from .funds import MONEY, Fund
from .vouchers import MAX_PURPOSE, Voucher


class EntryQuerySet(ScopedQuerySet):
    """Entries by what is asked of them."""

    def incoming(self) -> Self:
        """Money that came into a fund."""
        return self.filter(debit__in=MONEY_ACCOUNTS).exclude(credit__in=MONEY_ACCOUNTS)

    def outgoing(self) -> Self:
        """Money that left a fund."""
        return self.filter(credit__in=MONEY_ACCOUNTS).exclude(debit__in=MONEY_ACCOUNTS)

    def disclosed(self) -> Self:
        """All but cash brought to the bank or fetched from it, which changes nothing that a fund has."""
        return self.exclude(debit__in=MONEY_ACCOUNTS, credit__in=MONEY_ACCOUNTS)

    def with_change(self) -> Self:
        """Each with `change`: what it adds to the fund's money, negative when it takes away."""
        moved = Q(debit__in=MONEY_ACCOUNTS, credit__in=MONEY_ACCOUNTS)
        change = Case(
            When(moved, then=Value(0, output_field=MONEY)),
            When(debit__in=MONEY_ACCOUNTS, then=F("amount")),
            default=-F("amount"),
            output_field=MONEY,
        )
        return self.annotate(change=change)


def _sides() -> Q:
    """Which accounts each kind of entry moves."""
    condition = Q(kind=Kind.REVERSAL, reverses__isnull=False)
    for kind, against in AGAINST.items():
        if kind in (Kind.GRANT, Kind.COST):
            condition |= Q(kind=kind, debit=against, credit__in=MONEY_ACCOUNTS)
        else:
            condition |= Q(kind=kind, debit__in=MONEY_ACCOUNTS, credit=against)
    condition |= Q(kind=Kind.TRANSFER, debit=Account.TRANSFERS_OUT, credit__in=MONEY_ACCOUNTS)
    condition |= Q(kind=Kind.TRANSFER, debit__in=MONEY_ACCOUNTS, credit=Account.TRANSFERS_IN)
    return condition | Q(kind=Kind.MOVE, debit__in=MONEY_ACCOUNTS, credit__in=MONEY_ACCOUNTS)


class Entry(models.Model):
    """A line of a fund's books. Nothing of it ever changes; a mistake is reversed by another line, once."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="entries", verbose_name=_("基金"))
    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="entries", verbose_name=_("凭证"))
    kind = models.CharField(
        _("事项"),
        max_length=20,
        choices=[(kind.value, kind.label) for kind in (*MONEY_KINDS, Kind.REVERSAL)],
    )
    on = models.DateField(_("发生日期"))
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)
    debit = models.CharField(_("借方"), max_length=16, choices=Account.choices)
    credit = models.CharField(_("贷方"), max_length=16, choices=Account.choices)
    purpose = models.CharField(_("事由"), max_length=MAX_PURPOSE)
    attachments = models.PositiveSmallIntegerField(_("附件张数"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("审批人")
    )
    posted_at = models.DateTimeField(_("入账时间"), default=timezone.now)
    reverses = models.OneToOneField(
        "self", models.PROTECT, related_name="reversed_by", verbose_name=_("冲销的分录"), null=True, blank=True
    )

    place_lookup = "fund__place"

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("收支明细")
        verbose_name_plural = _("收支明细")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["fund", "on"]), models.Index(fields=["kind", "on"])]
        constraints = [
            models.UniqueConstraint(name="entry_once_a_voucher_and_fund", fields=["voucher", "fund"]),
            models.CheckConstraint(name="entry_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="entry_two_people",
                condition=~Q(entered_by=F("approved_by")),
                violation_error_message=_("经办和审批不能是同一个人。"),
            ),
            models.CheckConstraint(
                name="entry_accounts_known",
                condition=Q(debit__in=Account.values, credit__in=Account.values) & ~Q(debit=F("credit")),
            ),
            models.CheckConstraint(name="entry_accounts_of_its_kind", condition=_sides()),
            models.CheckConstraint(
                name="entry_reversal_names_another",
                condition=Q(kind=Kind.REVERSAL, reverses__isnull=False) | ~Q(kind=Kind.REVERSAL) & Q(reverses=None),
            ),
            models.CheckConstraint(
                name="entry_has_evidence",
                condition=Q(attachments__gte=1) | Q(reverses__isnull=False),
                violation_error_message=_("没有证明材料，不能入账。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()} {self.amount}"

    @property
    def is_incoming(self) -> bool:
        """Whether the fund has more money by it."""
        return self.debit in MONEY_ACCOUNTS and self.credit not in MONEY_ACCOUNTS

    @property
    def is_outgoing(self) -> bool:
        """Whether the fund has less money by it."""
        return self.credit in MONEY_ACCOUNTS and self.debit not in MONEY_ACCOUNTS
