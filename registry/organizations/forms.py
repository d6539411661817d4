"""The forms of the public site: each step of a filing, what managers enter for their organization."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.uploads import validate_document
from registry.organizations import importers
from registry.organizations.choices import FieldOfWork, FileKind, LegalForm, PremisesRight
from registry.organizations.completeness import conflicts
from registry.organizations.models import AnnualReport, Filing, Founder, OrganizationKind, Service
from registry.organizations.validators import credit_code_problem
from registry.places.fields import PlaceField, places_of
from registry.places.models import Place

FILE_EXTENSIONS = ("pdf", "docx", "jpg", "png")
MAX_FILE_BYTES = 20 * 2**20


class StepForm(forms.ModelForm):
    """A step of a filing. What was said against a field when the filing was returned stands beside it."""

    class Meta:
        model = Filing
        fields: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """What was entered, by column."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def _post_clean(self) -> None:
        """The model's own checks on these columns; what crosses rows is asked at submission."""
        try:
            self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)
            exclude = [field.name for field in Filing._meta.fields if field.name not in self.cleaned_data]
            self.instance.clean_fields(exclude=exclude)
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]


class BasicsForm(StepForm):
    """What it is called, what it is, where it stands, what it is for."""

    place = PlaceField(label=gettext_lazy("所在地"), queryset=Place.objects.none(), empty_label=gettext_lazy("请选择"))

    class Meta(StepForm.Meta):
        fields = ("name", "form", "credit_code", "kind", "field_of_work", "place", "aims")
        widgets = {"aims": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "name": gettext_lazy("全称，例如“清溪镇柳河村舞龙队”。"),
            "credit_code": gettext_lazy("社会团体、社会服务机构、基金会必填，18 位；社区社会组织（备案）留空。"),
            "aims": gettext_lazy("为谁、做什么，用自己的话写，500 字以内。"),
        }

    def __init__(self, *args: Any, county: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [("", _("请选择")), *LegalForm.choices]  # type: ignore[attr-defined]
        kinds = OrganizationKind.objects.filter(county=county)
        kept = self.instance.kind_id
        self.fields["kind"].queryset = kinds.filter(retired=False) | kinds.filter(pk=kept)  # type: ignore[attr-defined]
        self.fields["kind"].empty_label = _("请选择")  # type: ignore[attr-defined]
        self.fields["field_of_work"].choices = [("", _("请选择")), *FieldOfWork.choices]  # type: ignore[attr-defined]
        self.fields["place"].queryset = places_of(county)  # type: ignore[attr-defined]
        self.fields["credit_code"].max_length = None  # type: ignore[attr-defined]

    def clean_credit_code(self) -> str:
        """As it is printed on the certificate: capitals, no spaces."""
        return "".join(str(self.cleaned_data["credit_code"]).split()).upper()

    def clean(self) -> dict[str, Any]:
        """The code that the form asks for, and nothing that another organization has."""
        cleaned = super().clean() or self.cleaned_data
        form, code = cleaned.get("form"), cleaned.get("credit_code", "")
        if form and (problem := credit_code_problem(code, form)):
            self.add_error("credit_code", problem)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors:
            for name, message in conflicts(self.instance).items():
                self.add_error(name, message)


class PhoneInput(forms.TextInput):
    """A phone's keyboard shows digits."""

    input_type = "tel"


class HeadForm(StepForm):
    """Who heads it, and how the public reaches it."""

    head_phone = forms.CharField(
        label=gettext_lazy("负责人手机"),
        max_length=20,
        widget=PhoneInput,
        help_text=gettext_lazy("只用来办理备案时联系您，加密保存，不公开。"),
    )

    class Meta(StepForm.Meta):
        fields = ("head_name", "head_phone", "head_public", "contact_phone", "contact_email")
        widgets = {"contact_phone": PhoneInput}
        help_texts = {"contact_phone": gettext_lazy("显示在公开页面上，居民打这个电话找你们。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["head_name"].required = True

    def clean_head_phone(self) -> str:
        """Without the spaces people type."""
        return importers.compact_phone(self.cleaned_data["head_phone"])

    def clean_contact_phone(self) -> str:
        """Without the spaces people type."""
        return importers.compact_phone(self.cleaned_data["contact_phone"])


class PremisesForm(StepForm):
    """Where it meets."""

    class Meta(StepForm.Meta):
        fields = ("premises", "premises_right")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["premises_right"].choices = [("", _("请选择")), *PremisesRight.choices]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.required = True


class FounderForm(forms.ModelForm):
    """One founder."""

    phone = forms.CharField(label=gettext_lazy("手机"), max_length=20, widget=PhoneInput)

    class Meta:
        model = Founder
        fields = ("name", "phone", "duty")

    def full_clean(self) -> None:
        """A row whose cells are all empty is no founder and no mistake: that is how one is taken off the list."""
        if self.is_bound and not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields):
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def clean_phone(self) -> str:
        """Without the spaces people type."""
        return importers.compact_phone(self.cleaned_data["phone"])


class BaseFounders(forms.BaseFormSet):
    """The founders; rows left empty count for nothing."""

    def clean(self) -> None:
        """At least one, and nobody twice."""
        if any(self.errors):
            return
        seen: set[tuple[str, str]] = set()
        for form in self.filled():
            key = form.cleaned_data["name"], form.cleaned_data["phone"]
            if key in seen:
                form.add_error("name", _("这个人已经填过。"))
            seen.add(key)
        if not seen:
            raise ValidationError(_("请至少填写一名发起人。"))

    def filled(self) -> list[Any]:
        """The rows with somebody in them."""
        return [form for form in self.forms if form.cleaned_data.get("name")]

    def people(self) -> list[Founder]:
        """Those entered."""
        return [
            Founder(**{name: form.cleaned_data[name] for name in ("name", "phone", "duty")}) for form in self.filled()
        ]


Founders = forms.formset_factory(FounderForm, formset=BaseFounders, extra=0, max_num=20, validate_max=True)


class MembersForm(forms.Form):
    """The members, typed one a line or in a spreadsheet; what a file brings is added to what is typed."""

    text = forms.CharField(
        label=gettext_lazy("会员名单"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("一行一人：姓名，手机，职务。手机和职务可以不填，同名的人要填手机。"),
    )
    sheet = forms.FileField(
        label=gettext_lazy("或者上传名册（.xlsx、.csv）"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("名册里的人会加到上面的名单里，已有的不会重复。"),
    )

    def clean(self) -> dict[str, Any]:
        """All people of both, or the reasons by line and row."""
        cleaned = super().clean() or self.cleaned_data
        typed = importers.read_lines(cleaned.get("text") or "")
        for problem in typed.errors:
            self.add_error("text", problem)
        upload = cleaned.get("sheet")
        read = importers.read_sheet(upload) if upload else importers.People()
        for problem in read.errors:
            self.add_error("sheet", problem)
        known = {(person.name, person.phone) for person in typed.people}
        cleaned["people"] = typed.people + [p for p in read.people if (p.name, p.phone) not in known]
        if not self.errors and not cleaned["people"]:
            self.add_error("text", _("请填写会员名单，或者上传名册。"))
        return cleaned


class FileForm(forms.Form):
    """A charter or another file."""

    kind = forms.ChoiceField(label=gettext_lazy("材料种类"), choices=FileKind.choices)
    file = forms.FileField(
        label=gettext_lazy("文件"),
        max_length=120,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.jpg,.jpeg,.png"}),
        help_text=gettext_lazy("PDF、Word（.docx）或照片（.jpg、.png），每个不超过 20 MB。"),
    )

    def clean_file(self) -> UploadedFile:
        """By what it is, not by what it is called."""
        upload: UploadedFile = self.cleaned_data["file"]
        path = PurePath(upload.name or "")
        suffix = path.suffix.lstrip(".").lower().replace("jpeg", "jpg")
        if suffix not in FILE_EXTENSIONS:
            raise ValidationError(_("只能上传 PDF、Word（.docx）或照片（.jpg、.png）。"))
        if (upload.size or 0) > MAX_FILE_BYTES:
            raise ValidationError(_("文件超过 20 MB，请压缩后再上传。"))
        upload.name = f"{path.stem}.{suffix}"
        validate_document(upload)
        return upload


class ServiceForm(forms.ModelForm):
    """A service that an organization offers."""

    class Meta:
        model = Service
        fields = ("name", "description", "audience", "location", "hours", "cost", "contact")
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def clean(self) -> dict[str, Any]:
        """No two services of one name."""
        cleaned = super().clean() or self.cleaned_data
        others = Service.objects.filter(organization=self.instance.organization, name=cleaned.get("name"))
        if others.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("这个组织已有同名的服务。"))
        return cleaned


class AnnualReportForm(forms.ModelForm):
    """The report on a year."""

    class Meta:
        model = AnnualReport
        fields = (
            "work",
            "activities",
            "people_served",
            "members",
            "opening_balance",
            "income",
            "expenditure",
            "plans",
        )
        widgets = {"work": forms.Textarea(attrs={"rows": 8}), "plans": forms.Textarea(attrs={"rows": 4})}

    def clean(self) -> dict[str, Any]:
        """Nobody spends what they do not have."""
        cleaned = super().clean() or self.cleaned_data
        opening, income, spent = (cleaned.get(name) for name in ("opening_balance", "income", "expenditure"))
        if opening is not None and income is not None and spent is not None and spent > opening + income:
            self.add_error("expenditure", _("支出不能多于年初结余与本年收入之和。"))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"organization", "year", "filed_by"}  # type: ignore[misc]


class ManagerForm(forms.Form):
    """Somebody else who is to act for the organization, by the e-mail of their account."""

    email = forms.EmailField(
        label=gettext_lazy("对方注册时用的邮箱"),
        max_length=254,
        help_text=gettext_lazy("对方要先在本站注册。"),
    )

    def clean_email(self) -> str:
        """An account that there is."""
        email = str(self.cleaned_data["email"])
        self.user = User.objects.filter(email__iexact=email, is_active=True).order_by("pk").first()
        if self.user is None:
            raise ValidationError(_("没有用这个邮箱注册的账号。"))
        return email
