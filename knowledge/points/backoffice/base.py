"""What the views here share: writes go through actions, and what those refuse is told on the page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.views.generic import FormView, TemplateView
from django.views.generic.detail import SingleObjectMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.scoping import places_for, rows_for
from accounts.viewsets import ScopedModelViewSet, ScopedViewMixin, limit_choices
from registry.places.models import Kind, Place

from ..models import Rules


def tell(form: Any, error: ValidationError) -> None:
    """Put what an action refused beside the fields that it names, the rest above the form."""
    named = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, texts in named.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


class ActionMixin:
    """Goes in front of Wagtail's create and edit views: `act` calls the action and returns the row."""

    def act(self, data: dict[str, Any]) -> Any:
        """Do it with what was entered. Raises ValidationError."""
        raise NotImplementedError

    def save_instance(self) -> Any:
        """The row, written by the action."""
        return self.act(self.form.cleaned_data)  # type: ignore[attr-defined]

    def form_valid(self, form: Any) -> HttpResponse:
        """Done, or the form again with what was refused; nothing is stored then."""
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except ValidationError as error:
            tell(form, error)
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            response = self.form_invalid(form)  # type: ignore[attr-defined]
        return response


class ReadOnlyViewSet(ScopedModelViewSet):
    """A list without forms: what stands in it is written by actions of other pages."""

    form_fields: list[str] = []

    def get_urlpatterns(self) -> Any:
        """The list and its exports."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ("index", "index_results")]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No way to forms that are not there."""
        none = {"add_url_name": None, "edit_url_name": None, "delete_url_name": None}
        return super().get_index_view_kwargs(**kwargs) | none


class RowView(ScopedViewMixin, WagtailAdminTemplateMixin, SingleObjectMixin, FormView):
    """A page about one row that does one thing with it. Subclasses name `model`, `permission_required` and the action.

    Out of the user's reach the row is not there: 404. Who may read alone sees the page and cannot post to it.
    """

    permission_required = "change"
    success_message: "str | Promise" = ""
    listing = ""
    """The name of the list that the row is found in."""
    template_name = "points/admin/form.html"
    submit: "str | Promise" = ""
    readable = False

    @property
    def scoped_actions(self) -> list[str]:
        """Reading is enough to look, where the page can be looked at."""
        return ["view", self.permission_required] if self.readable else [self.permission_required]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the row."""
        super().setup(request, *args, **kwargs)
        self.object = self.get_object()
        self.may_act = rows_for(self.model, request.user, self.permission_required).filter(pk=self.object.pk).exists()

    def get_form(self, form_class: Any = None) -> Any:
        """The form, with the choices that the user may see."""
        form = FormView.get_form(self, form_class)
        limit_choices(form, self.request.user)
        return form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only for who may."""
        if not self.may_act:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it, or say beside the field why not."""
        try:
            self.act(form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, str(self.success_message))
        return redirect(self.get_success_url())

    def act(self, data: dict[str, Any]) -> Any:
        """Do it with what was entered. Raises ValidationError."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        """The list."""
        return reverse(self.listing)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The list, and this page."""
        above = {"url": reverse(self.listing), "label": self.model._meta.verbose_name_plural}
        return [
            *self.breadcrumbs_items,
            above,
            {"url": "", "label": self.get_page_title(), "sublabel": str(self.object)},
        ]

    def get_page_subtitle(self) -> str:
        """What it is about."""
        return str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The row, and whether it may be acted on."""
        context = {"object": self.object, "may_act": self.may_act, "submit": self.submit or self.page_title}
        return super().get_context_data(**kwargs) | context


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
            tell(form, error)
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
