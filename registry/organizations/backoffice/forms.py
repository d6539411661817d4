"""The forms of the back office that are no plain model forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.organizations.snapshots import FIELDS, LISTS, label_of
from registry.organizations.validators import validate_text

VERBS = ("take", "approve", "return", "refuse")


class ReviewForm(forms.Form):
    """A decision: a reason at each field, a remark on the whole."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in VERBS])
    remark = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=500,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("申请人会看到。不予备案必须写明理由。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*FIELDS, *LISTS):
            self.fields[f"reason_{name}"] = forms.CharField(
                label=_("%(field)s：退回理由") % {"field": label_of(name)},
                required=False,
                max_length=200,
                validators=[validate_text],
                widget=forms.TextInput(attrs={"placeholder": _("要补正的写在这里")}),
            )

    def reasons(self) -> dict[str, str]:
        """The reasons that were given, by field."""
        named = ((name, self.cleaned_data.get(f"reason_{name}", "")) for name in (*FIELDS, *LISTS))
        return {name: reason for name, reason in named if reason}

    def clean(self) -> dict[str, Any]:
        """To return or refuse needs a reason; to approve leaves none."""
        cleaned = super().clean() or self.cleaned_data
        verb, reasons = cleaned.get("verb"), self.reasons()
        if verb == "return" and not reasons and not cleaned.get("remark"):
            raise ValidationError(_("请至少对一项写明退回的理由，或者写一条说明。"))
        if verb == "refuse" and not cleaned.get("remark"):
            self.add_error("remark", _("请写明不予备案的理由。"))
        if verb == "approve" and reasons:
            raise ValidationError(_("还写着退回的理由：要通过就先清空，要退回就按“退回补正”。"))
        return cleaned


class DeregisterForm(forms.Form):
    """Why an organization is taken off the register."""

    reason = forms.CharField(
        label=gettext_lazy("注销原因"),
        max_length=200,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("会写进登记簿，也会发给组织的管理员。"),
    )
