"""A field that people do not see and robots fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FIELD = "homepage"


class HoneypotMixin(forms.Form):
    """Goes in front of a public form. The view asks `form.is_robot` and then does nothing, but answers as ever.

    The template shows the field by `accounts/includes/honeypot.html`, which hides it from people and from readers.
    """

    homepage = forms.CharField(
        label=_("请不要填写这一项"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def is_robot(self) -> bool:
        """Whether somebody filled in what nobody can see."""
        return bool(self.data.get(self.add_prefix(FIELD), "").strip())

    def visible(self) -> list[Any]:
        """The fields that people fill in."""
        return [field for field in self.visible_fields() if field.name != FIELD]
