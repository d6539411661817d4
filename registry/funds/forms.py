"""What officials fill in: a fund, a voucher of each kind with its papers, a note of correction."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from accounts.scoping import places_for, reach
from accounts.uploads import validate_document
from registry.organizations.models import Organization
from registry.places.models import Kind as PlaceKind

from .models import DONATION_KINDS, GOODS_KINDS, GOODS_OUT, GRANT_KINDS, Evidence, Fund, Kind, Statement, Stock, Voucher

MOST_PAPERS = 20
MOST_STOCKS = 200
"""So many of the goods that are there are offered to complete a name."""

_MONEY = ("amount", "account")
_GOODS = ("goods", "unit", "quantity")
_DONOR = ("donor_kind", "donor_name", "named", "receipt_wanted")
_RECIPIENT = (
    "recipient_kind",
    "recipient_organization",
    "recipient_place",
    "recipient_group",
    "recipient_count",
)
_NEEDED = {"amount", "account", "goods", "unit", "quantity", "value", "target", "donor_kind", "recipient_kind"}
"""What a form that asks for it cannot do without; the model leaves them empty for other kinds."""


def fields_of(kind: str) -> list[str]:
    """The fields of the form of a kind of voucher, in the order in which they are asked."""
    if kind == Kind.REVERSAL:
        return ["on", "purpose"]
    names = ["fund", "on"]
    names += _GOODS if kind in GOODS_KINDS else _MONEY
    if kind == Kind.GOODS_DONATION:
        names.append("value")
    if kind == Kind.TRANSFER:
        names.append("target")
    names.append("purpose")
    if kind in DONATION_KINDS:
        names += _DONOR
    if kind in GRANT_KINDS:
        names += _RECIPIENT
    return names


class PapersInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Several files, each looked into."""

    widget = PapersInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files. Raises ValidationError that names the file."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > MOST_PAPERS:
            raise ValidationError(_("一次最多上传 %(most)s 个文件。"), params={"most": MOST_PAPERS})
        cleaned = []
        for file in files:
            try:
                validate_document(super().clean(file, initial))
            except ValidationError as error:
                raise ValidationError([f"{file.name}：{text}" for text in error.messages]) from error
            cleaned.append(file)
        return cleaned


class CompletedInput(forms.TextInput):
    """A text that the browser completes from what is known: pairs of a value and what is said of it."""

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.known = list(known)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field, with its list behind it."""
        list_id = f"known_{name}"
        field = super().render(name, value, (attrs or {}) | {"list": list_id, "autocomplete": "off"}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.known)
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class VoucherForm(WagtailAdminModelForm):
    """The form of one kind of voucher; `voucher_form` makes the class of each kind."""

    papers = PapersField(
        label=_("证明材料"),
        required=False,
        help_text=_("发票、签收单、照片等，可以一次选多个；没有材料的凭证不能入账。"),
    )
    without = forms.ModelMultipleChoiceField(
        label=_("去掉已上传的材料"),
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Voucher
        fields = "__all__"  # narrowed by voucher_form
        widgets = {"on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit("fund", Fund.objects.open().filter(reach(self.for_user, "funds.add_voucher", "place")))
        self._limit("target", Fund.objects.open())
        self._limit("recipient_organization", Organization.objects.registered())
        if "recipient_place" in self.fields:
            places: Any = self.fields["recipient_place"]
            places.queryset = places.queryset.filter(kind__in=[PlaceKind.TOWNSHIP, PlaceKind.VILLAGE])
        if self.instance.kind in GOODS_OUT:
            self._complete_goods()
        for name in _NEEDED & self.fields.keys():
            self.fields[name].required = True
        if self.instance.kind != Kind.MOVE and "account" in self.fields:
            self.fields["account"].help_text = ""
        kept = self.instance.evidence.all() if self.instance.pk else Evidence.objects.none()
        if kept:
            self._limit("without", kept)
        else:
            del self.fields["without"]
        if self.instance.kind == Kind.REVERSAL:
            del self.fields["papers"]

    def _complete_goods(self) -> None:
        """Goods leave under the name and by the unit under which they came."""
        funds: Any = self.fields["fund"]
        stocks = Stock.objects.there().filter(fund__in=funds.queryset).select_related("fund")[:MOST_STOCKS]
        said = [(stock.goods, f"{stock.quantity.normalize():f} {stock.unit}　{stock.fund}") for stock in stocks]
        units = dict.fromkeys(stock.unit for stock in stocks)
        self.fields["goods"].widget = CompletedInput(said)
        self.fields["goods"].help_text = _("和入库时一样写；输入时会提示现有的物资。")
        self.fields["unit"].widget = CompletedInput((unit, "") for unit in units)

    def _limit(self, name: str, queryset: "QuerySet[Any]") -> None:
        if name in self.fields:
            field: Any = self.fields[name]
            field.queryset = queryset

    def _update_errors(self, errors: ValidationError) -> None:
        """What is said of a field that this form does not have stands above the form.

        Of a field that the form has found wrong already, that is enough.
        """
        if hasattr(errors, "error_dict"):
            moved: dict[str, list[ValidationError]] = {}
            for name, found in errors.error_dict.items():
                if name in self.errors:
                    continue
                moved.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(found)
            errors.error_dict = moved
        super()._update_errors(errors)


def voucher_form(kind: str) -> type[VoucherForm]:
    """The form's class for a kind of voucher."""
    made: type[VoucherForm] = forms.modelform_factory(Voucher, form=VoucherForm, fields=fields_of(kind))  # type: ignore[assignment]
    return made


class FundForm(WagtailAdminModelForm):
    """A fund. Where it stands and since when is said once."""

    class Meta:
        model = Fund
        fields = [
            "name",
            "kind",
            "place",
            "manager",
            "purpose",
            "rules",
            "started_on",
            "disclosure_months",
            "disclosure_days",
        ]
        widgets = {
            "started_on": AdminDateInput,
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "rules": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("place", "started_on"):
                del self.fields[name]
        else:
            field: Any = self.fields["place"]
            kinds = [PlaceKind.COUNTY, PlaceKind.TOWNSHIP, PlaceKind.VILLAGE]
            field.queryset = places_for(self.for_user, "funds.add_fund").filter(kind__in=kinds)


class CorrectionForm(forms.Form):
    """A note beside a published statement."""

    text = forms.CharField(
        label=_("更正说明"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明哪里有误、怎么更正。说明会与原账目并列公开，原账目不变。"),
    )
    reversal = forms.ModelChoiceField(
        label=_("更正用的冲销凭证"),
        queryset=Voucher.objects.none(),
        required=False,
        empty_label=_("没有，只作文字说明"),
    )

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reversal"]
        field.queryset = Voucher.objects.correcting(statement).select_related("reverses", "fund")


class RefusalForm(forms.Form):
    """Why a voucher is sent back."""

    reason = forms.CharField(
        label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("经办人会看到。")
    )
