"""The form of the back office's own door."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm as WagtailLoginForm


class LoginForm(WagtailLoginForm):
    """Wagtail's sign-in with every label in Chinese: its password field has none, and shows its English name."""

    password = forms.CharField(
        label=_("密码"), widget=forms.PasswordInput(attrs={"placeholder": _("请输入密码")}), strip=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["placeholder"] = _("请输入用户名")
