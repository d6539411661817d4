"""What the views here share: writes go through actions, and what those refuse is told on the page."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts import acting
from accounts.acting import add_errors
from accounts.scoping import places_for
from registry.places.models import Kind, Place

from ..models import Rules


class RowView(acting.RowView):
    """A page about one row of a village's points that does one thing with it, and leads back to the list."""

    template_name = "points/admin/form.html"
    submit: "str | Promise" = ""

    def get_success_url(self) -> str:
        """The list."""
        return reverse(self.listing)

    def question(self, data: dict[str, Any]) -> str:
        """What is asked before it is done, for what cannot be undone."""
        return ""

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it; where there is a question, only once this very question was agreed to."""
        question = self.question(form.cleaned_data)
        if question and self.request.POST.get("agreed") != question:
            return self.render_to_response(self.get_context_data(form=form, question=question))
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The row, and what the button says."""
        return super().get_context_data(**kwargs) | {"submit": self.submit or self.page_title}


class VillageMixin(WagtailAdminTemplateMixin):
    """A page about one of the villages in the user's reach, chosen by its code in the address."""

    scoped = True
    permission = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for who may do this somewhere; a village out of reach is not there."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        code = request.GET.get("place", "")
        if code and self.village is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def villages(self) -> list[Place]:
        """The villages that keep points and in which the user may do this."""
        kept = places_for(self.request.user, self.permission).filter(pk__in=Rules.objects.values("place"))
        return list(kept.filter(kind=Kind.VILLAGE).order_by("path"))

    @cached_property
    def village(self) -> Place | None:
        """The chosen one, else the first."""
        code = self.request.GET.get("place", "")
        if not code:
            return next(iter(self.villages), None)
        return next((place for place in self.villages if place.code == code), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The villages to choose from."""
        return super().get_context_data(**kwargs) | {"villages": self.villages, "village": self.village}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """This page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    @property
    def here(self) -> str:
        """This page with the same village."""
        return f"{self.request.path}?{self.request.GET.urlencode()}"


class VillageView(VillageMixin, TemplateView):
    """A page about a village."""


class VillageFormView(VillageMixin, FormView):
    """A form about a village; `act` calls the action."""

    template_name = "points/admin/form.html"
    submit: "str | Promise" = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The village."""
        return super().get_form_kwargs() | {"village": self.village}

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it, or say beside the field why not."""
        if self.village is None:
            raise Http404
        try:
            done = self.act(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        return self.answer(done)

    def act(self, data: dict[str, Any]) -> Any:
        """Do it with what was entered. Raises ValidationError."""
        raise NotImplementedError

    def answer(self, done: Any) -> HttpResponse:
        """Where to go then."""
        return redirect(self.here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the button says."""
        return super().get_context_data(**kwargs) | {"submit": self.submit or self.page_title}
