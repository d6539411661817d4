"""Forms whose writes are actions: what an action refuses stands beside the field, and nothing is stored then."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin
from wagtail.admin.views.generic import CreateView, EditView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.scoping import rows_for
from accounts.viewsets import ScopedModelViewSet, ScopedViewMixin, limit_choices


def add_errors(form: Any, error: ValidationError, names: Mapping[str, str] | None = None) -> None:
    """Put what an action refused beside the fields of the form, and the rest above it.

    `names` says what a field of the action is called in the form, where it is called otherwise there.
    """
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, problems in error.error_dict.items():
        name = (names or {}).get(field, field)
        form.add_error(name if name in form.fields else None, problems)


@contextmanager
def refusals_beside(form: Any, names: Mapping[str, str] | None = None) -> Iterator[None]:
    """Go on after the block when the action in it refuses, with what it refused beside the fields; see `add_errors`.

    The block ends with the answer for what was done.
    """
    try:
        yield
    except ValidationError as error:
        add_errors(form, error, names)


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
            add_errors(form, error)
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            response = self.form_invalid(form)  # type: ignore[attr-defined]
        return response


class _WritesMixin(ActionMixin):
    """What `KeptViewSet.write` says."""

    write: "Callable[[Any, Any], Any] | None" = None

    def act(self, data: dict[str, Any]) -> Any:
        """Write the row as the form left it."""
        assert self.write is not None
        return self.write(self.form.instance, self.request.user)  # type: ignore[attr-defined]


class WritingCreateView(_WritesMixin, CreateView):
    """A new row, written by the action of its viewset."""


class WritingEditView(_WritesMixin, EditView):
    """A changed row, written by the action of its viewset."""


class KeptViewSet(ScopedModelViewSet):
    """Rows that are added and changed by an action, and deleted by nobody.

    Subclasses say as a static method how a row is written: `write(row, by)`. It may raise ValidationError.
    """

    write: Callable[[Any, Any], Any]
    add_view_class = WritingCreateView
    edit_view_class = WritingEditView

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """With the action."""
        return super().get_add_view_kwargs(**kwargs) | self._action(self.add_view_class)

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """With the action."""
        return super().get_edit_view_kwargs(**kwargs) | self._action(self.edit_view_class)

    def _action(self, view_class: type) -> dict[str, Any]:
        return {"write": type(self).write} if issubclass(view_class, _WritesMixin) else {}

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No way to the deletion, which is not there."""
        return super().get_common_view_kwargs(**kwargs) | {"delete_url_name": None}

    def get_urlpatterns(self) -> list[Any]:
        """All but the deletion."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "delete"]


class RowView(ScopedViewMixin, WagtailAdminTemplateMixin, SingleObjectMixin, FormView):
    """A page about one row that does one thing with it. Subclasses name `model`, `permission_required` and the action.

    Out of the user's reach the row is not there: 404. Within reach for reading only, the page may be seen and not
    posted to, when `readable` says so.
    """

    permission_required = "change"
    readable = False
    success_message: "str | Promise" = ""
    listing = ""
    """The name of the list that the row is found in."""
    form_names: ClassVar[Mapping[str, str]] = {}
    """What fields of the action are called in the form, where they are called otherwise there."""

    @property
    def scoped_actions(self) -> list[str]:
        """Reading is enough to look, where the page can be looked at."""
        return ["view", self.permission_required] if self.readable else [self.permission_required]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the row."""
        super().setup(request, *args, **kwargs)
        self.object = self.get_object()
        rows = rows_for(self.model, request.user, self.permission_required)
        self.may_act = rows.filter(pk=self.object.pk).exists()

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
            add_errors(form, error, self.form_names)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, str(self.success_message))
        return redirect(self.get_success_url())

    def act(self, data: dict[str, Any]) -> Any:
        """Do it with what was entered. Raises ValidationError."""
        raise NotImplementedError

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The list, and this page."""
        label = self.model._meta.verbose_name_plural
        above = [{"url": reverse(self.listing), "label": label}] if self.listing else []
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, *above, here]

    def get_page_subtitle(self) -> str:
        """What it is about."""
        return str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The row, and whether it may be acted on."""
        return super().get_context_data(**kwargs) | {"object": self.object, "may_act": self.may_act}


class StepView(RowView):
    """A button that does one thing with a row. It has no page: what is refused is told where it leads."""

    form_class: type[Form] = Form
    http_method_names = ["post"]

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back, with what was refused: after the field's name, where there is a field."""
        for name, problems in form.errors.items():
            field = f"{form[name].label}：" if name in form.fields else ""
            for problem in problems:
                messages.error(self.request, f"{field}{problem}")
        return redirect(self.get_success_url())
