"""Forms whose saving is a named action, and what goes wrong there is shown beside its field."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from accounts import actions as appointing
from accounts.desk.choosers import place_chooser_viewset
from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.scoping import rows_for
from accounts.viewsets import narrow
from registry.places.models import Kind, Place


class ActionViewMixin:
    """Goes in front of a create or edit view: saves by `perform`, and shows what it refuses in the form."""

    def perform(self, given: dict[str, Any]) -> Any:
        """Do the action with the cleaned data; returns the object."""
        raise NotImplementedError

    def save_instance(self) -> Any:
        """What Wagtail's views call to save."""
        return self.perform(self.form.cleaned_data)  # type: ignore[attr-defined]

    def form_valid(self, form: forms.Form) -> Any:
        """Save, or show the refusal."""
        try:
            with transaction.atomic():
                return super().form_valid(form)  # type: ignore[misc]
        except PermissionDenied as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            _show(form, error)
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        return self.form_invalid(form)  # type: ignore[attr-defined]


def _show(form: forms.Form, error: ValidationError) -> None:
    for name, messages in getattr(error, "error_dict", {None: error.error_list}).items():
        form.add_error(name if name in form.fields else None, messages)


class FiguresForm(WagtailAdminModelForm):
    """A place's figures; its name only where it was drawn by hand."""

    class Meta:
        model = Place
        fields = ("name", "population", "households", "confirmed_on", "latitude", "longitude")
        widgets = {"confirmed_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.kind not in {Kind.GRID, Kind.MICRO_GRID}:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _("区划代码表里的名称，随导入更新。")

    def figures(self) -> dict[str, Any]:
        """What was entered, without the name."""
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name not in {"name", "parent"}}


class GridForm(FiguresForm):
    """A new grid or micro-grid, and what it is drawn in."""

    parent = forms.ModelChoiceField(
        label=_("所在的村、社区或网格"),
        queryset=Place.objects.of_kind(Kind.VILLAGE, Kind.GRID),
        widget=place_chooser_viewset.widget_class,
        help_text=_("村、社区之下是网格，网格之下是微网格；代码自动往下编。"),
    )
    field_order = ("parent", "name", "population", "households", "confirmed_on", "latitude", "longitude")

    def _get_validation_exclusions(self) -> set[str]:
        # The code, the kind and the path come with the action, which checks the whole.
        return {*super()._get_validation_exclusions(), "code", "kind", "path", "depth"}


class AppointmentForm(WagtailAdminModelForm):
    """Who holds which role where, from and until when."""

    account = forms.CharField(
        label=_("用户名或邮箱"),
        max_length=150,
        help_text=_("这个人要先有账号：公务人员由管理员建，其他人在网站上用邮箱注册。"),
    )
    field_order = ("account", "role", "place", "since", "until")

    class Meta:
        model = Appointment
        fields = ("role", "place", "since", "until")
        widgets = {"since": AdminDateInput, "until": AdminDateInput, "place": place_chooser_viewset.widget_class}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = appointing.grantable_roles(self.for_user)
        self.fields["role"].choices = [("", "---------"), *((role, Role(role).label) for role in roles)]
        narrow(self.fields["place"], rows_for(Place, self.for_user))

    def clean_account(self) -> User:
        """Whoever signs in by this name or address."""
        name = self.cleaned_data["account"].strip()
        found = User.objects.filter(username=name).first()
        if found is None and "@" in name:
            matching = list(User.objects.filter(email__iexact=name, is_active=True)[:2])
            if len(matching) > 1:
                raise ValidationError(_("有几个账号用这个邮箱，请填用户名。"), code="ambiguous")
            found = matching[0] if matching else None
        if found is None or not found.is_active:
            raise ValidationError(_("没有这个账号，请核对用户名或邮箱。"), code="unknown")
        return found


class TermForm(WagtailAdminModelForm):
    """From and until when a role is held. For another role or place, appoint anew."""

    class Meta:
        model = Appointment
        fields = ("since", "until")
        widgets = {"since": AdminDateInput, "until": AdminDateInput}
