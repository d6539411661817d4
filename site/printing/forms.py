"""The field where somebody types a verification code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import codes


class CodeForm(forms.Form):
    """A code in any spelling: with or without hyphens, small letters, O for 0."""

    code = forms.CharField(
        label=_("查验码"),
        max_length=40,
        help_text=_("印在文件末尾，12 个字母和数字，例如 7K3M-0Q2R-9XTA。不分大小写，横线可以不输。"),
        error_messages={"required": _("请输入查验码。"), "max_length": _("查验码只有 12 位，输入的太长了。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """The code as stored. Refuses what was mistyped or altered."""
        code = codes.normalize(self.cleaned_data["code"])
        if len(code) != codes.LENGTH:
            raise forms.ValidationError(
                _("查验码有 %(right)d 位，输入了 %(given)d 位，请对照文件再输一次。"),
                code="length",
                params={"right": codes.LENGTH, "given": len(code)},
            )
        if not codes.is_sound(code):
            raise forms.ValidationError(
                _("查验码不对：可能输错了，也可能文件上的查验码被改动过。请对照文件再输一次。"), code="unsound"
            )
        return code
