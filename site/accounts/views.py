"""Public accounts: registering by e-mail, signing in and out, passwords, the address, the account page, leaving.

No answer tells whether an address has an account: only who can read its mail learns it.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.encoding import force_bytes
from django.utils.http import urlencode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from accounts import account_actions as actions
from accounts import forms, mail
from accounts.entries import entries_of
from accounts.links import EMAIL_CHANGE, REGISTRATION, BadLinkError, safe_next
from accounts.models import DeletionRequest, User
from search.ratelimit import limited

_BACKEND = "django.contrib.auth.backends.ModelBackend"


class PublicView(View):
    """A page of one person: kept by no cache, sent so often by one address and no oftener."""

    @method_decorator(sensitive_post_parameters())
    @method_decorator(never_cache)
    @method_decorator(limited("form", methods=("POST",)))  # type: ignore[arg-type]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)


class OwnView(LoginRequiredMixin, PublicView):
    """A page for who is signed in."""

    request: HttpRequest

    @property
    def person(self) -> User:
        """Who is signed in."""
        assert isinstance(self.request.user, User)
        return self.request.user


class RegisterView(PublicView, FormView):
    """The address to which the link is sent."""

    template_name = "accounts/register.html"
    form_class = forms.EmailForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(safe_next(request.GET.get("next", ""), request) or "account:home")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"next": safe_next(self.request.GET.get("next", ""), self.request)}

    def form_valid(self, form: forms.EmailForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        if not form.is_robot and mail.may_write_to(email):
            if actions.is_taken(email):
                mail.send(email, "already_registered", sign_in=reverse("account:login"))
            else:
                onward = safe_next(self.request.POST.get("next", ""), self.request)
                mail.send(email, "register", link=REGISTRATION.make(email=email, next=onward))
        return render(self.request, "accounts/mail_sent.html", {"email": email, "what": "register"})


class RegisterConfirmView(PublicView, FormView):
    """The page that the link opens: name and password."""

    template_name = "accounts/register_confirm.html"
    form_class = forms.RegistrationForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.content = REGISTRATION.read(kwargs["token"])
        except BadLinkError:
            return bad_link(request)
        if actions.is_taken(self.content["email"]):
            return bad_link(request, used=True)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        # The password is compared with the address too.
        somebody = User(username=self.content["email"], email=self.content["email"])
        return super().get_form_kwargs() | {"instance": somebody}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"email": self.content["email"]}

    def form_valid(self, form: forms.RegistrationForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            user = actions.register(
                email=self.content["email"], display_name=given["display_name"], password=given["password1"]
            )
        except ValidationError:
            return bad_link(self.request, used=True)
        login(self.request, user, backend=_BACKEND)
        messages.success(self.request, _("注册好了，已经登录。"))
        return HttpResponseRedirect(safe_next(self.content["next"], self.request) or reverse("account:home"))


def bad_link(request: HttpRequest, *, used: bool = False) -> HttpResponse:
    """What to do about a link that no longer opens anything."""
    return render(request, "accounts/bad_link.html", {"used": used}, status=410)


class SignInView(PublicView, auth_views.LoginView):
    """Address and password; then where the visitor wanted to go, on this site."""

    template_name = "accounts/login.html"
    authentication_form = forms.SignInForm
    redirect_authenticated_user = True
    next_page = reverse_lazy("account:home")  # type: ignore[assignment]


class SignOutView(PublicView, auth_views.LogoutView):  # type: ignore[misc]
    """Signs out (by POST, as all that changes something) and goes home."""

    http_method_names = ["post", "options"]
    next_page = "/"


class PasswordResetView(PublicView, FormView):
    """The address to which a link for a new password is sent."""

    template_name = "accounts/password_reset.html"
    form_class = forms.EmailForm

    def form_valid(self, form: forms.EmailForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        if not form.is_robot and mail.may_write_to(email):
            self._write_to(email)
        return render(self.request, "accounts/mail_sent.html", {"email": email, "what": "password"})

    def _write_to(self, email: str) -> None:
        """A mail in either case, which also takes the same time."""
        users = [
            user for user in User.objects.filter(email__iexact=email, is_active=True) if user.has_usable_password()
        ]
        for user in users:
            link = reverse(
                "account:password_reset_confirm",
                args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
            )
            mail.send(user.email, "password_reset", link=link, name=user.username)
        if not users:
            mail.send(email, "no_account", register=reverse("account:register"))


class PasswordResetConfirmView(PublicView, auth_views.PasswordResetConfirmView):
    """A new password, once, by the link."""

    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("account:login")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if form.user.email:
            mail.send(form.user.email, "password_changed", name=form.user, reset=reverse("account:password_reset"))
        messages.success(self.request, _("新密码设好了，请用它登录。"))
        return response


class HomeView(OwnView, TemplateView):
    """The account page: who is signed in, and what of theirs the site holds."""

    template_name = "accounts/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "groups": entries_of(self.person),
            "appointments": self.person.appointments.current().select_related("place"),
            "deletion": DeletionRequest.objects.open().filter(user=self.person).first(),
            "back_office": self.person.has_perm("wagtailadmin.access_admin"),
        }


class ProfileView(OwnView, FormView):
    """The name that others see."""

    template_name = "accounts/form.html"
    form_class = forms.ProfileForm
    success_url = reverse_lazy("account:home")
    extra_context = {"purpose": "name", "heading": gettext_lazy("改姓名")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": User.objects.get(pk=self.person.pk)}

    def form_valid(self, form: Any) -> HttpResponse:
        actions.rename(user=self.person, display_name=form.cleaned_data["display_name"])
        messages.success(self.request, _("姓名改好了。"))
        return super().form_valid(form)


class PasswordChangeView(OwnView, auth_views.PasswordChangeView):
    """Another password, by who knows the present one."""

    template_name = "accounts/form.html"
    success_url = reverse_lazy("account:home")
    extra_context = {"purpose": "password", "heading": gettext_lazy("改密码")}

    def form_valid(self, form: Any) -> HttpResponse:
        actions.change_password(user=form.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, form.user)
        if form.user.email:
            mail.send(form.user.email, "password_changed", name=form.user, reset=reverse("account:password_reset"))
        messages.success(self.request, _("密码改好了。"))
        return HttpResponseRedirect(self.get_success_url())


class EmailChangeView(OwnView, FormView):
    """The new address, to which a link is sent."""

    template_name = "accounts/form.html"
    form_class = forms.EmailChangeForm
    extra_context = {"purpose": "email", "heading": gettext_lazy("换邮箱")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.person}

    def form_valid(self, form: Any) -> HttpResponse:
        email, user = form.cleaned_data["email"], self.person
        if mail.may_write_to(email):
            if actions.is_taken(email):
                mail.send(email, "already_registered", sign_in=reverse("account:login"))
            else:
                mail.send(email, "email_change", link=EMAIL_CHANGE.make(user=user.pk, before=user.email, email=email))
        return render(self.request, "accounts/mail_sent.html", {"email": email, "what": "email"})


class EmailConfirmView(PublicView, TemplateView):
    """The page that the link opens: one button, since programs that look at mail follow links too."""

    template_name = "accounts/email_confirm.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.content = EMAIL_CHANGE.read(kwargs["token"])
        except BadLinkError:
            return bad_link(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"email": self.content["email"]}

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Change the address."""
        try:
            user = actions.change_email(
                user_id=self.content["user"], before=self.content["before"], email=self.content["email"]
            )
        except ValidationError:
            return bad_link(request, used=True)
        if self.content["before"]:
            mail.send(self.content["before"], "email_changed", name=user)
        messages.success(request, _("邮箱改好了。"))
        return redirect("account:home")


class DeletionView(OwnView, FormView):
    """Asks for the account to be deleted, or takes that back."""

    template_name = "accounts/form.html"
    form_class = forms.DeletionForm
    success_url = reverse_lazy("account:home")
    extra_context = {"purpose": "deletion", "heading": gettext_lazy("注销账号")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.person}

    def form_valid(self, form: Any) -> HttpResponse:
        actions.request_deletion(user=self.person, reason=form.cleaned_data["reason"])
        messages.success(self.request, _("注销申请已收到。办结之前可以撤回。"))
        return super().form_valid(form)


class DeletionWithdrawView(OwnView):
    """Takes the request back."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take it back."""
        actions.withdraw_deletion(user=self.person)
        messages.success(request, _("注销申请已撤回。"))
        return redirect("account:home")


def sign_in_address(request: HttpRequest) -> str:
    """Where to sign in and come back from: for links on public pages."""
    return f"{reverse('account:login')}?{urlencode({'next': request.get_full_path()})}"
