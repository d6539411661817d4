"""The forms of the public site: registering, objecting, asking for a certificate, checking in."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.honeypot import HoneypotMixin
from registry.places.fields import PlaceField
from registry.places.models import Kind, Place
from registry.volunteers.actions import Guardian
from registry.volunteers.choices import IdType
from registry.volunteers.models import Activity, HourLine
from registry.volunteers.models.people import fold_skill
from registry.volunteers.names import clean_name
from registry.volunteers.numbers import clean_id_number, clean_phone, of_age_on
from registry.volunteers.reports import Issuer

MAX_SKILLS = 10
MAX_SKILL_CHARS = 30


def date_input() -> forms.DateInput:
    """A day, picked from the browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SkillsField(forms.CharField):
    """Skills in one line, separated the Chinese or the Latin way. Its initial value may be a list of names."""

    def __init__(self, *, required: bool = False, max_length: int = 300, **kwargs: Any) -> None:
        super().__init__(required=required, max_length=max_length, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The names in one line; what was typed stays as it was typed."""
        return value if value is None or isinstance(value, str) else "，".join(value)

    def clean(self, value: Any) -> Any:
        """The skills, without repeats. Raises ValidationError for too many or too long ones."""
        text = super().clean(value)
        for separator in "，、；;\n":
            text = text.replace(separator, ",")
        names = list(dict.fromkeys(filter(None, (fold_skill(part) for part in text.split(",")))))
        if len(names) > MAX_SKILLS:
            raise ValidationError(_("最多填 %(most)d 项技能。"), params={"most": MAX_SKILLS})
        for name in names:
            if len(name) > MAX_SKILL_CHARS:
                raise ValidationError(_("每项技能最多 %(most)d 个字。"), params={"most": MAX_SKILL_CHARS})
            if not any(char.isalpha() for char in name) or any(char in "<>\"'\\" for char in name):
                raise ValidationError(_("“%(name)s”不像一项技能。"), params={"name": name})
        return names


class PersonForm(forms.Form):
    """Who somebody is: the part that the public form and the back office share."""

    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    id_type = forms.ChoiceField(label=_("证件类型"), choices=IdType.choices)
    id_number = forms.CharField(
        label=_("证件号码"),
        max_length=30,
        help_text=_("加密保存，只显示首尾几位。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    birth_date = forms.DateField(label=_("出生日期"), widget=date_input())
    phone = forms.CharField(
        label=_("联系电话"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    )
    place = forms.ModelChoiceField(
        label=_("居住的村、社区"),
        queryset=Place.objects.of_kind(Kind.VILLAGE).order_by("path"),
        empty_label=_("请选择"),
    )
    skills = SkillsField(label=_("技能"), help_text=_("会做什么，用逗号隔开，例如：急救，摄影，木工。"))
    guardian_name = forms.CharField(label=_("监护人姓名"), max_length=60, required=False)
    guardian_phone = forms.CharField(
        label=_("监护人电话"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    guardian_consent = forms.BooleanField(label=_("监护人已经知道并同意"), required=False)

    def clean_name(self) -> str:
        """A name."""
        return clean_name(self.cleaned_data["name"])

    def clean_id_number(self) -> str:
        """A number that a paper of the type that was chosen can have."""
        return clean_id_number(self.cleaned_data.get("id_type", ""), self.cleaned_data["id_number"])

    def clean_phone(self) -> str:
        """A number that can be called."""
        return clean_phone(self.cleaned_data["phone"])

    def clean_birth_date(self) -> date:
        """A day that has been."""
        born: date = self.cleaned_data["birth_date"]
        if born > timezone.localdate():
            raise ValidationError(_("出生日期不能在今天以后。"))
        return born

    def clean_guardian_name(self) -> str:
        """A name, or nothing."""
        name: str = self.cleaned_data["guardian_name"]
        return clean_name(name) if name else ""

    def clean_guardian_phone(self) -> str:
        """A number that can be called, or nothing."""
        number: str = self.cleaned_data["guardian_phone"]
        return clean_phone(number) if number else ""

    def clean(self) -> dict[str, Any]:
        """Of a minor, everything about the guardian."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        born = data.get("birth_date")
        if born is not None and of_age_on(born) > timezone.localdate():
            for name in ("guardian_name", "guardian_phone", "guardian_consent"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("未满十八周岁，必须填写。"))
        return data

    def particulars(self) -> dict[str, Any]:
        """What `actions.register_volunteer` takes, beside `by` and `user`."""
        data = self.cleaned_data
        names = ("name", "id_type", "id_number", "birth_date", "phone", "place", "skills")
        guardian = None
        if data["guardian_name"] and data["guardian_phone"] and data["guardian_consent"]:
            guardian = Guardian(data["guardian_name"], data["guardian_phone"], timezone.localdate())
        return {name: data[name] for name in names} | {"guardian": guardian}


class RegistrationForm(HoneypotMixin, PersonForm):
    """Somebody registers themselves, living in one of the villages that the form is given."""

    place = PlaceField(
        label=_("居住的村、社区"),
        queryset=Place.objects.none(),
        empty_label=_("请选择"),
        help_text=_("按乡镇、街道分组。"),
    )

    consent = forms.BooleanField(
        label=_("我同意为登记志愿者、记录和证明志愿服务而处理以上信息"),
        error_messages={"required": _("同意以后才能登记。")},
    )

    def __init__(self, *args: Any, villages: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = villages  # type: ignore[attr-defined]


class ActionFormMixin:
    """For a form of a model whose action writes and checks the row."""

    def _post_clean(self) -> None:
        """Leave the row alone."""


class ActivityForm(ActionFormMixin, forms.ModelForm):
    """An activity: the part that an organization's own form and the back office share."""

    skills = SkillsField(label=_("需要的技能"), help_text=_("用逗号隔开；没有要求就空着。"))

    class Meta:
        model = Activity
        fields: tuple[str, ...] = (
            "title",
            "field",
            "kind",
            "place",
            "organization",
            "team",
            "address",
            "about",
            "contact_name",
            "contact_phone",
            "adults_only",
            "risky",
            "insurance",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["skills"].initial = self.instance.skills.names()


class ObjectionForm(forms.Form):
    """What is wrong with a line of hours."""

    reason = forms.CharField(
        label=_("哪里不对"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明实际的时间和时长，例如：那天从 9 点到 11 点半，应为 2.5 小时。"),
    )

    def __init__(self, *args: Any, line: HourLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line


class CertificateForm(forms.Form):
    """A certificate of whose record, and of which time."""

    issuer = forms.ChoiceField(
        label=_("由谁出具"), help_text=_("谁组织、谁记录，就由谁证明。"), widget=forms.RadioSelect()
    )
    since = forms.DateField(label=_("从哪天"), required=False, widget=date_input())
    until = forms.DateField(label=_("到哪天"), required=False, widget=date_input(), help_text=_("都不填就是全部时长。"))

    def __init__(self, *args: Any, issuers: list[Issuer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._issuers = {issuer.key: issuer for issuer in issuers}
        self.fields["issuer"].choices = [(key, issuer.label) for key, issuer in self._issuers.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The period runs forward."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("结束日期不能早于开始日期。"))
        return data

    @property
    def chosen(self) -> Issuer:
        """Who is asked."""
        return self._issuers[self.cleaned_data["issuer"]]


class CheckInForm(forms.Form):
    """Who is here, without an account."""

    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    tail = forms.CharField(
        label=_("登记电话的后四位"),
        max_length=4,
        validators=[RegexValidator(r"^[0-9]{4}$", _("请填四位数字。"))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
