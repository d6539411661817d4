"""The forms of public accounts."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.honeypot import HoneypotMixin
from accounts.models import User

# The sign-in name of a public account is its e-mail address, and names are no longer than this.
LONGEST_EMAIL = 150


def email_field(label: Any = None) -> forms.EmailField:
    """A field for an e-mail address."""
    return forms.EmailField(
        label=label or _("邮箱"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"invalid": _("邮箱地址不对，应像 name@example.com 这样。")},
    )


def password_field(label: Any, autocomplete: str = "current-password") -> forms.CharField:
    """A field for a password, which is taken as it is typed."""
    return forms.CharField(
        label=label, strip=False, max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": autocomplete})
    )


class EmailForm(HoneypotMixin, forms.Form):
    """An e-mail address to which a link is sent: to register, or for a new password."""

    email = email_field()

    def clean_email(self) -> str:
        """Addresses are compared in small letters."""
        return str(self.cleaned_data["email"]).lower()


class RegistrationForm(BaseUserCreationForm):
    """What somebody enters after opening the link: their name and a password."""

    agree = forms.BooleanField(
        label=_("我同意本站为办理登记、联系和服务而使用我填写的信息"),
        error_messages={"required": _("同意之后才能注册。")},
    )

    class Meta:
        model = User
        fields = ("display_name",)

    field_order = ("display_name", "password1", "password2", "agree")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = True
        self.fields["display_name"].widget.attrs["autocomplete"] = "name"

    def clean_display_name(self) -> str:
        """Names are one piece, without spaces at the ends."""
        return " ".join(self.cleaned_data["display_name"].split())


class SignInForm(AuthenticationForm):
    """E-mail address and password. Officials may use their sign-in names here too."""

    error_messages = {
        "invalid_login": _("邮箱或密码不对。请再核对一遍，密码区分大小写。"),
        "inactive": _("这个账号已停用。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("邮箱")
        self.fields["username"].widget.attrs.update({"autocomplete": "username", "inputmode": "email"})
        self.fields["password"].label = _("密码")

    def clean_username(self) -> str:
        """Addresses are compared in small letters; other sign-in names as they are."""
        name = str(self.cleaned_data["username"]).strip()
        return name.lower() if "@" in name else name


class PasswordCheckMixin(forms.Form):
    """Asks for the current password before something grave."""

    password = password_field(_("当前密码"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Refuse another password."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("当前密码不对。"), code="wrong_password")
        return password


class EmailChangeForm(PasswordCheckMixin):
    """The new address, and the password."""

    email = email_field(_("新邮箱"))
    field_order = ("email", "password")

    def clean_email(self) -> str:
        """Refuse the present address."""
        email = str(self.cleaned_data["email"]).lower()
        if email == self.user.email.lower():
            raise ValidationError(_("这就是现在的邮箱。"), code="same")
        return email


class ProfileForm(forms.ModelForm):
    """The name that others see."""

    class Meta:
        model = User
        fields = ("display_name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = True

    def clean_display_name(self) -> str:
        """Names are one piece, without spaces at the ends."""
        return " ".join(self.cleaned_data["display_name"].split())


class DeletionForm(PasswordCheckMixin):
    """Why somebody leaves, if they say so, and the password."""

    reason = forms.CharField(label=_("原因"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("reason", "password")
