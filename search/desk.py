"""The search's desk in the back office: try a query, mark a question as dealt with."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from . import actions, documents, spelling, synonyms
from .analysis import fold, query_terms
from .engines.base import SearchUnavailable
from .forms import SearchForm
from .models import SynonymGroup
from .promotions import promotions
from .queries import search


class TryView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What the search makes of a query: its terms, the synonyms that it sets off, the first results with scores."""

    model = SynonymGroup
    any_permission_required = ["view", "add", "change"]
    page_title = gettext_lazy("试一试")
    header_icon = "search"
    template_name = "search/admin/try.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """No way back but the menu."""
        return [{"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The query taken apart, if there is one."""
        text = SearchForm(self.request.GET).text
        context = super().get_context_data(**kwargs) | {"query": text}
        return context | taken_apart(text) if text else context


def taken_apart(text: str) -> dict[str, Any]:
    """Each step that the search takes with a query. `unavailable` says why there are no results."""
    steps: dict[str, Any] = {
        "named": documents.resolve(text),
        "terms": query_terms(text),
        "expansions": synonyms.expansions(fold(text)),
        "promoted": promotions(text),
    }
    try:
        found = search(text, per_page=20)
        steps |= {"results": found, "did_you_mean": spelling.correction(found)}
    except SearchUnavailable as reason:
        steps["unavailable"] = str(reason)
    return steps


@require_POST
def handled(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an unanswered query as dealt with."""
    if not request.user.has_perm("search.change_unansweredquery"):
        raise PermissionDenied
    if actions.mark_handled(queries=[pk], by=request.user):
        messages.success(request, _("已标为处理过。"))
    return redirect(get_valid_next_url_from_request(request) or "search_unanswered")
