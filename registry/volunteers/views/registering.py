"""Somebody becomes a volunteer, or finds themselves registered already."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.acting import add_errors
from registry.places.models import Kind, Place
from registry.volunteers import actions
from registry.volunteers.forms import RegistrationForm
from registry.volunteers.models import Volunteer
from registry.volunteers.views.access import next_of, volunteer_of
from search.ratelimit import limited

MOST_VILLAGES = 500
"""A select of more is too long to send and to look through; beyond it the way leads there level by level."""


@method_decorator(limited("form", methods=("POST",)), name="dispatch")  # type: ignore[arg-type]
@method_decorator([never_cache, login_required(login_url="account:login")], name="dispatch")
class RegisterView(View):
    """The form; before it, where the site has more villages than one list holds, the choice of a part of them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, or the places to choose from."""
        if volunteer_of(request) is not None:
            return redirect("volunteers:own")
        if self._are_too_many:
            return self._where(request)
        return self._page(request, self._form(initial={"name": getattr(request.user, "display_name", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Register."""
        if self._are_too_many:
            return self._where(request)
        form = self._form(request.POST)
        if form.is_robot:
            return redirect("volunteers:activities")
        if not form.is_valid():
            return self._page(request, form)
        try:
            self._register(request, form)
        except ValidationError as error:
            add_errors(form, error)
            return self._page(request, form)
        messages.success(request, _("登记好了。现在可以报名参加活动。"))
        return redirect(next_of(request) or reverse("volunteers:own"))

    def _register(self, request: HttpRequest, form: RegistrationForm) -> Volunteer:
        given = form.particulars()
        known = {name: given[name] for name in ("name", "id_type", "id_number", "phone")}
        claimed = actions.claim_volunteer(**known, user=request.user, by=request.user)
        return claimed or actions.register_volunteer(**given, user=request.user, by=request.user)

    @cached_property
    def _part(self) -> Place | None:
        """The part of the country that the address narrows the villages to."""
        code = self.request.GET.get("in", "")[:20].replace("\x00", "")
        found: Place | None = Place.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise Http404(_("没有这个地方。"))
        return found

    @cached_property
    def _villages(self) -> Any:
        villages = Place.objects.of_kind(Kind.VILLAGE)
        return villages if self._part is None else villages.within([self._part])

    @cached_property
    def _are_too_many(self) -> bool:
        return len(self._villages.values_list("pk")[: MOST_VILLAGES + 1]) > MOST_VILLAGES

    def _form(self, *args: Any, **kwargs: Any) -> RegistrationForm:
        return RegistrationForm(*args, villages=self._villages, **kwargs)

    def _where(self, request: HttpRequest) -> HttpResponse:
        part = self._part
        context = {
            "part": part,
            "places": Place.objects.filter(depth=1) if part is None else part.get_children(),
            "next": next_of(request),
            "breadcrumbs": self._crumbs(),
        }
        return render(request, "volunteers/register_where.html", context)

    def _page(self, request: HttpRequest, form: RegistrationForm) -> HttpResponse:
        context = {"form": form, "part": self._part, "next": next_of(request), "breadcrumbs": self._crumbs()}
        return render(request, "volunteers/register.html", context)

    @staticmethod
    def _crumbs() -> list[tuple[str, str]]:
        return [(_("志愿服务"), reverse("volunteers:activities")), (_("登记成为志愿者"), "")]
