"""What happens to a donation after it is in the books: its donor's consent, its receipt."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet

from .choices import DonorKind, ReceiptStatus
from .vouchers import Voucher


class DonationQuerySet(ScopedQuerySet):
    """Donations by what is asked of them."""

    def standing(self) -> Self:
        """Those that were not reversed."""
        return self.filter(voucher__in=Voucher.objects.standing())

    def in_public(self) -> Self:
        """Those whose donor agreed to be named."""
        return self.standing().filter(named=True)


class Donation(models.Model):
    """A posted donation of money or goods. What was given and by whom stands in its voucher."""

    voucher = models.OneToOneField(Voucher, models.PROTECT, related_name="donation", verbose_name=_("凭证"))
    named = models.BooleanField(_("同意公开姓名或名称"), default=False)
    receipt_status = models.CharField(_("捐赠票据"), max_length=10, choices=ReceiptStatus.choices)
    receipt = models.OneToOneField(
        "printing.IssuedDocument", models.PROTECT, related_name="+", verbose_name=_("票据"), null=True, blank=True
    )

    place_lookup = "voucher__fund__place"

    objects = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = _("捐赠")
        verbose_name_plural = _("捐赠")
        ordering = ["-voucher__on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="donation_receipt_or_none",
                condition=Q(receipt_status=ReceiptStatus.ISSUED, receipt__isnull=False)
                | Q(
                    receipt_status__in=[ReceiptStatus.WANTED, ReceiptStatus.WAIVED, ReceiptStatus.ANONYMOUS],
                    receipt=None,
                ),
            ),
            models.CheckConstraint(
                name="donation_anonymous_not_named",
                condition=~Q(receipt_status=ReceiptStatus.ANONYMOUS) | Q(named=False),
                violation_error_message=_("匿名捐赠不公开姓名。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.donor} {self.voucher.what}"

    @property
    def donor(self) -> str:
        """The donor for the office: the name, or that there is none."""
        return self.voucher.donor_name or str(DonorKind.ANONYMOUS.label)

    @property
    def public_donor(self) -> str:
        """The donor for everybody: named by consent only (Charity Law, article 82)."""
        return self.voucher.donor_name if self.named else gettext("爱心人士")
