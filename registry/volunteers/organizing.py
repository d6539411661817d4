"""The forms in which an organization's managers enter activities and shifts."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.organizations.models import Organization
from registry.places.fields import PlaceField, places_of
from registry.places.models import Kind, Place
from registry.volunteers import forms as volunteers
from registry.volunteers.backoffice import forms as backoffice
from registry.volunteers.models import Activity, Shift

_COPIED = tuple(name for name in volunteers.ActivityForm.Meta.fields if name != "organization")


def moment_input() -> forms.DateTimeInput:
    """A day and a time, picked from the browser's own calendar."""
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class ActivityForm(volunteers.ActivityForm):
    """An activity of one organization, somewhere in its county. The action writes and checks the row."""

    place = PlaceField(
        label=gettext_lazy("在哪里开展"), queryset=Place.objects.none(), empty_label=gettext_lazy("请选择")
    )

    class Meta(volunteers.ActivityForm.Meta):
        fields = _COPIED
        widgets = {"about": forms.Textarea(attrs={"rows": 6})}
        labels = {"risky": gettext_lazy("活动可能有人身危险（要写明保险）")}

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places_of(organization.place.above(Kind.COUNTY) or organization.place)  # type: ignore[attr-defined]
        self.fields["field"].choices = [("", _("请选择")), *Activity._meta.get_field("field").choices]  # type: ignore[attr-defined, misc]
        teams = organization.volunteer_teams.order_by("name")
        if self.instance.team_id is None and not teams.exists():
            del self.fields["team"]
        else:
            self.fields["team"].queryset = teams  # type: ignore[attr-defined]
            self.fields["team"].empty_label = _("不定队伍")  # type: ignore[attr-defined]


def copied(activity: Activity) -> dict[str, Any]:
    """What a new activity takes over from another one: everything but its shifts."""
    return {name: getattr(activity, name) for name in _COPIED} | {"skills": activity.skills.names()}


class ShiftForm(backoffice.ShiftForm):
    """A shift, for whoever has no calendar of the back office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at", "cut_off"):
            self.fields[name].widget = moment_input()


class EnrolForm(forms.Form):
    """Somebody whom the organizer puts on a sheet."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("登记的电话"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


def as_entered(shift: Shift) -> dict[str, Any]:
    """A shift's fields."""
    return {name: getattr(shift, name) for name in ("starts_at", "ends_at", "cut_off", "slots")}
