"""Forms of the back office."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from printing.models import IssuedDocument
from registry.organizations.models import Organization
from registry.places.models import Kind, Place
from registry.volunteers import forms as volunteers
from registry.volunteers.choices import SignUpState
from registry.volunteers.halves import halves_of, hours, room
from registry.volunteers.models import Shift, SignUp, Team, Volunteer
from registry.volunteers.names import clean_name

STANDS = (Kind.COUNTY, Kind.TOWNSHIP, Kind.VILLAGE)


class ActivityForm(volunteers.ActivityForm, WagtailAdminModelForm):
    """An activity."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = Place.objects.of_kind(*STANDS).order_by("path")  # type: ignore[attr-defined]
        organizations = Organization.objects.registered().order_by("name")
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]


class TeamForm(volunteers.ActionFormMixin, WagtailAdminModelForm):
    """A team."""

    class Meta:
        model = Team
        fields = ("name", "place", "organization", "about", "founded_on")
        widgets = {"founded_on": AdminDateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = Place.objects.of_kind(*STANDS).order_by("path")


class NewVolunteerForm(volunteers.PersonForm):
    """A volunteer who registers at the village's office: on paper, with the consent signed there."""

    consent = forms.BooleanField(
        label=_("本人已在纸质登记表上签字同意"), error_messages={"required": _("没有本人同意，不能登记。")}
    )

    def __init__(self, *args: Any, instance: Any = None, for_user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_date"].widget = AdminDateInput()


class VolunteerForm(forms.Form):
    """What of a volunteer can be corrected. A number is replaced by typing a new one; the old one is not shown."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False, help_text=_("不改就空着。"))
    place = forms.ModelChoiceField(label=_("居住地"), queryset=Place.objects.of_kind(*STANDS).order_by("path"))
    skills = volunteers.SkillsField(label=_("技能"))
    guardian_name = forms.CharField(label=_("监护人姓名"), max_length=60, required=False)
    guardian_phone = forms.CharField(label=_("监护人电话"), max_length=30, required=False, help_text=_("不改就空着。"))

    def __init__(self, *args: Any, instance: Volunteer, for_user: Any = None, **kwargs: Any) -> None:
        known = {name: getattr(instance, name) for name in ("name", "place", "guardian_name")}
        kwargs["initial"] = known | {"skills": instance.skills.names()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.instance = instance

    def clean_name(self) -> str:
        """A name."""
        return clean_name(self.cleaned_data["name"])

    def changes(self) -> dict[str, Any]:
        """What `actions.change_volunteer` takes; a number left empty stays."""
        data = dict(self.cleaned_data)
        return {name: value for name, value in data.items() if value or name not in ("phone", "guardian_phone")}


class ShiftForm(forms.Form):
    """A shift."""

    starts_at = forms.DateTimeField(label=_("开始"), widget=AdminDateTimeInput())
    ends_at = forms.DateTimeField(label=_("结束"), widget=AdminDateTimeInput())
    cut_off = forms.DateTimeField(
        label=_("报名截止"), required=False, widget=AdminDateTimeInput(), help_text=_("空着就是开始时截止。")
    )
    slots = forms.IntegerField(label=_("名额"), min_value=1, max_value=2000, initial=10)


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class RevokeForm(WhyForm):
    """Why a certificate no longer holds: the kind is public, the words are not."""

    category = forms.ChoiceField(label=_("原因类别（公开）"), choices=IssuedDocument.Reason.choices)
    field_order = ("category", "why")


class RulingForm(forms.Form):
    """What checking an objection brought."""

    hours = forms.DecimalField(
        label=_("核实后的时长（小时）"),
        min_value=0,
        max_value=24,
        max_digits=4,
        decimal_places=1,
        help_text=_("和原来一样就是维持；0 表示没有参加。"),
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    reason = forms.CharField(label=_("核实情况"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_hours(self) -> int:
        """Half hours."""
        return halves_of(self.cleaned_data["hours"])


class MemberForm(forms.Form):
    """A volunteer to take into a team."""

    volunteer = forms.ModelChoiceField(
        label=_("志愿者"),
        queryset=Volunteer.objects.none(),
        error_messages={"invalid_choice": _("这名志愿者已经在队里，或者不住在这个乡镇。")},
    )


class SheetForm(forms.Form):
    """The attendance sheet of a shift: hours for each who has a slot, filled in as if all stayed to the end."""

    def __init__(self, *args: Any, shift: Shift, sign_ups: Iterable[SignUp], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sign_ups = {self.name_of(sign_up): sign_up for sign_up in sign_ups}
        most = hours(room(shift.starts_at, shift.ends_at))
        for name, sign_up in self.sign_ups.items():
            self.fields[name] = forms.DecimalField(
                label=sign_up.volunteer.name,
                min_value=0,
                max_value=most,
                max_digits=4,
                decimal_places=1,
                initial=Decimal(0) if sign_up.state == SignUpState.ABSENT else most,
                widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
            )

    @staticmethod
    def name_of(sign_up: SignUp) -> str:
        """The name of a row's field."""
        return f"hours-{sign_up.pk}"

    @property
    def rows(self) -> list[tuple[SignUp, Any]]:
        """Each sign-up with its field."""
        return [(sign_up, self[name]) for name, sign_up in self.sign_ups.items()]

    def clean(self) -> dict[str, Any]:
        """Half hours only."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.sign_ups:
            if data.get(name) is not None:
                try:
                    data[name] = halves_of(data[name])
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return data

    def halves(self) -> dict[int, int]:
        """The half hours by the key of the sign-up."""
        return {sign_up.pk: self.cleaned_data[name] for name, sign_up in self.sign_ups.items()}
