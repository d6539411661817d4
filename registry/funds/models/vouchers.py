"""What somebody proposes to book, with its evidence, until another person has approved or refused it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.files import path_by_day, private_storage
from accounts.scoping import ScopedQuerySet
from registry.places.models import Place

from .choices import (
    DONATION_KINDS,
    GOODS_KINDS,
    GRANT_KINDS,
    MONEY_ACCOUNTS,
    MONEY_KINDS,
    Account,
    DonorKind,
    Kind,
    RecipientKind,
    Status,
)
from .funds import Fund
from .rules import check, tidy

if TYPE_CHECKING:
    from .statements import Statement

MAX_NAME = 60
MAX_PURPOSE = 200


class VoucherQuerySet(ScopedQuerySet):
    """Vouchers by what is asked of them."""

    def pending(self) -> Self:
        """Those that wait for somebody to decide."""
        return self.filter(status=Status.PENDING)

    def posted(self) -> Self:
        """Those that are in the books."""
        return self.filter(status=Status.POSTED)

    def standing(self) -> Self:
        """Those in the books that no other reversed, without the reversals themselves."""
        reversed_ones = Voucher.objects.filter(status=Status.POSTED, reverses=models.OuterRef("pk"))
        return self.posted().exclude(kind=Kind.REVERSAL).filter(~models.Exists(reversed_ones))

    def correcting(self, statement: "Statement") -> Self:
        """The reversals of what a published statement tells, of which no note has been published yet."""
        told = Q(reverses__on__range=(statement.starts_on, statement.ends_on), on__gt=statement.ends_on)
        booked = Q(reverses__fund=statement.fund_id) | Q(reverses__target=statement.fund_id)
        return self.posted().filter(told, booked).filter(correction=None)


class Voucher(models.Model):
    """A movement of money or goods: who, what, why, with which papers.

    Pending, it can be changed and withdrawn. Once decided it stays as it is; the database refuses more. Posted, it has
    its entries in the ledger of money or its line in that of goods.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="vouchers", verbose_name=_("基金"))
    kind = models.CharField(_("事项"), max_length=20, choices=Kind.choices)
    on = models.DateField(_("发生日期"), default=timezone.localdate)
    purpose = models.CharField(
        _("事由"), max_length=MAX_PURPOSE, help_text=_("会原样公开：写清用途，不写个人姓名、住址和电话。")
    )

    amount = models.DecimalField(
        _("金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    account = models.CharField(
        _("收付账户"),
        max_length=16,
        choices=[(account.value, account.label) for account in MONEY_ACCOUNTS],
        blank=True,
        help_text=_("存取现金时，选钱从哪里出。"),
    )
    target = models.ForeignKey(
        Fund, models.PROTECT, related_name="incoming_vouchers", verbose_name=_("划入的基金"), null=True, blank=True
    )

    goods = models.CharField(_("物资名称"), max_length=MAX_NAME, blank=True, help_text=_("如：大米、课外读物、棉被。"))
    unit = models.CharField(_("计量单位"), max_length=10, blank=True, help_text=_("如：公斤、本、床。"))
    quantity = models.DecimalField(
        _("数量"), max_digits=12, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    value = models.DecimalField(
        _("估价合计（元）"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("收到物资时的公允价值；发放和损耗按库存均价算，不用填。"),
    )

    donor_kind = models.CharField(_("捐赠人"), max_length=12, choices=DonorKind.choices, blank=True)
    donor_name = models.CharField(_("捐赠人姓名或名称"), max_length=MAX_NAME, blank=True)
    named = models.BooleanField(
        _("捐赠人同意公开姓名或名称"), default=False, help_text=_("慈善法第八十二条：不同意公开的，不得公开。")
    )
    receipt_wanted = models.BooleanField(
        _("要捐赠票据"), default=True, help_text=_("慈善法第三十八条：放弃票据的，取消勾选，系统会做好记录。")
    )

    recipient_kind = models.CharField(_("受助方"), max_length=12, choices=RecipientKind.choices, blank=True)
    recipient_organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        related_name="grants_received",
        verbose_name=_("受助社会组织"),
        null=True,
        blank=True,
    )
    recipient_place = models.ForeignKey(
        Place, models.PROTECT, related_name="grants_received", verbose_name=_("受助村或社区"), null=True, blank=True
    )
    recipient_group = models.CharField(
        _("受助群众"), max_length=MAX_NAME, blank=True, help_text=_("写哪一类人，如“低保家庭”“困境儿童”，不写姓名。")
    )
    recipient_count = models.PositiveIntegerField(
        _("受助人数或户数"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    reverses = models.ForeignKey(
        "self", models.PROTECT, related_name="reversals", verbose_name=_("冲销的凭证"), null=True, blank=True
    )

    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PENDING, editable=False)
    number = models.PositiveIntegerField(_("凭证号"), null=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人"), editable=False
    )
    entered_at = models.DateTimeField(_("提交时间"), default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("审批人"),
        null=True,
        editable=False,
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, editable=False)
    decision_reason = models.CharField(_("退回原因"), max_length=300, blank=True, editable=False)

    place_lookup = "fund__place"

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("凭证")
        verbose_name_plural = _("凭证")
        ordering = ["-on", "-pk"]
        permissions = [("approve_voucher", _("审批凭证"))]
        indexes = [models.Index(fields=["fund", "status", "on"])]
        constraints = [
            models.UniqueConstraint(name="voucher_number_once", fields=["fund", "number"]),
            models.UniqueConstraint(
                name="voucher_reversed_once",
                fields=["reverses"],
                condition=Q(status__in=[Status.PENDING, Status.POSTED]),
                violation_error_message=_("这张凭证已经冲销，或者已有人提出冲销。"),
            ),
            models.CheckConstraint(
                name="voucher_decided_by_somebody",
                condition=Q(status=Status.PENDING, decided_by=None, decided_at=None, number=None)
                | Q(status=Status.WITHDRAWN, decided_by__isnull=False, decided_at__isnull=False, number=None)
                | Q(status=Status.REFUSED, decided_at__isnull=False, number=None)
                & ~Q(decision_reason="")
                & ~Q(decided_by=F("entered_by"))
                | Q(status=Status.POSTED, decided_at__isnull=False, number__isnull=False)
                & ~Q(decided_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="voucher_two_people_know",
                condition=Q(status=Status.PENDING) | Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="voucher_has_what_its_kind_needs",
                condition=Q(kind__in=MONEY_KINDS, amount__gt=0, account__in=MONEY_ACCOUNTS, quantity=None)
                | Q(kind__in=GOODS_KINDS, quantity__gt=0, amount=None, account="") & ~Q(goods="") & ~Q(unit="")
                | Q(kind=Kind.REVERSAL, reverses__isnull=False, amount=None, quantity=None),
                violation_error_message=_("这类事项要填的内容没有填全。"),
            ),
            models.CheckConstraint(
                name="voucher_reversal_names_another",
                condition=Q(kind=Kind.REVERSAL) | Q(reverses=None),
            ),
            models.CheckConstraint(
                name="voucher_goods_received_are_valued",
                condition=~Q(kind=Kind.GOODS_DONATION) | Q(value__gte=0),
                violation_error_message=_("收到物资要填估价。"),
            ),
            models.CheckConstraint(
                name="voucher_transfer_to_another_fund",
                condition=Q(kind=Kind.TRANSFER, target__isnull=False) & ~Q(target=F("fund"))
                | ~Q(kind=Kind.TRANSFER) & Q(target=None),
                violation_error_message=_("划转要选另一个基金。"),
            ),
            models.CheckConstraint(
                name="voucher_donor_by_consent",
                condition=~Q(kind__in=DONATION_KINDS) & Q(donor_kind="", donor_name="", named=False)
                | Q(kind__in=DONATION_KINDS, donor_kind=DonorKind.ANONYMOUS, donor_name="", named=False)
                | Q(kind__in=DONATION_KINDS, donor_kind__in=[DonorKind.PERSON, DonorKind.ORGANIZATION])
                & ~Q(donor_name=""),
                violation_error_message=_("写明捐赠人；匿名捐赠不留姓名，也不公开。"),
            ),
            models.CheckConstraint(
                name="voucher_recipient_told",
                condition=~Q(kind__in=GRANT_KINDS)
                & Q(recipient_kind="", recipient_organization=None, recipient_place=None, recipient_group="")
                | Q(
                    kind__in=GRANT_KINDS,
                    recipient_kind=RecipientKind.ORGANIZATION,
                    recipient_organization__isnull=False,
                    recipient_place=None,
                    recipient_group="",
                )
                | Q(
                    kind__in=GRANT_KINDS,
                    recipient_kind=RecipientKind.PLACE,
                    recipient_organization=None,
                    recipient_place__isnull=False,
                    recipient_group="",
                )
                | Q(
                    kind__in=GRANT_KINDS,
                    recipient_kind=RecipientKind.PERSONS,
                    recipient_organization=None,
                    recipient_place=None,
                    recipient_count__gte=1,
                )
                & ~Q(recipient_group=""),
                violation_error_message=_("写明给了谁：社会组织、村或社区，或者哪一类群众多少人。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.get_kind_display()} {self.what}"

    def clean(self) -> None:
        """Leave out what its kind does not have; raise ValidationError, by field, on what is missing or cannot be."""
        super().clean()
        tidy(self)
        check(self)

    @property
    def label(self) -> str:
        """What people call it: 12 号凭证; without a number, its kind."""
        return gettext("%(number)s 号凭证") % {"number": self.number} if self.number else self.get_kind_display()

    @property
    def is_goods(self) -> bool:
        """Whether it moves goods."""
        moved = self.reverses if self.reverses else self
        return moved.kind in GOODS_KINDS

    @property
    def what(self) -> str:
        """How much of what: 1,200.00 元, or 大米 50 公斤."""
        moved = self.reverses if self.reverses else self
        if moved.quantity is not None:
            return f"{moved.goods} {moved.quantity.normalize():f} {moved.unit}"
        return gettext("%(amount)s 元") % {"amount": f"{moved.amount:,.2f}"} if moved.amount is not None else ""

    @property
    def account_against(self) -> str:
        """Where cash is brought to, or the money that is taken out."""
        return Account.CASH if self.account == Account.BANK else Account.BANK

    @property
    def recipient(self) -> str:
        """Whom it went to, as the public reads it."""
        if self.recipient_kind == RecipientKind.ORGANIZATION:
            return str(self.recipient_organization)
        if self.recipient_kind == RecipientKind.PLACE:
            return str(self.recipient_place)
        if self.recipient_kind == RecipientKind.PERSONS:
            return gettext("%(group)s %(count)s 户（人）") % {
                "group": self.recipient_group,
                "count": self.recipient_count,
            }
        return ""


class Evidence(models.Model):
    """A paper behind a voucher: invoice, list of signatures, photo. With the decision its evidence is complete."""

    voucher = models.ForeignKey(Voucher, models.CASCADE, related_name="evidence", verbose_name=_("凭证"))
    file = models.FileField(_("文件"), storage=private_storage, upload_to=path_by_day, max_length=200)
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    place_lookup = "voucher__fund__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("证明材料")
        verbose_name_plural = _("证明材料")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
