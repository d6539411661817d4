"""The results page and the suggestions: parse, call, render."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import documents, panels, querylog, spelling
from .coverage import coverage
from .engines.base import SearchUnavailable
from .finding import MAX_CANDIDATES
from .forms import SearchForm
from .promotions import Promotion, promotions
from .queries import search
from .ratelimit import limited
from .results import Hit, Results, Segment
from .suggestions import suggest as suggested

PER_PAGE = 10
RETRY_AFTER = 60
"""Seconds after which somebody who found the search closed may try again."""
STAY = "stay"
"""The parameter that keeps a citation from leading straight to its article."""


@require_safe
@limited("search")
def results(request: HttpRequest) -> HttpResponse:
    """The results page. A citation without filters leads straight to the article; `stay=1` prevents that."""
    form = SearchForm(request.GET)
    context: dict[str, Any] = {"form": form, "query": form.text, "hide_header_search": True, "ignored": form.ignored}
    if not form.text:
        return render(request, "search/start.html", context | {"life_events": panels.life_events()})
    plain = form.page_number == 1 and not form.filters
    named = documents.resolve(form.text) if plain else None
    if named and named.url and STAY not in request.GET:
        querylog.note(form.text, answers=querylog.FEW_ANSWERS + 1)
        return HttpResponseRedirect(_with_way_back(named.url, form.text))
    context["named"] = named
    try:
        found = search(form.text, filters=form.filters, page=form.page_number, per_page=PER_PAGE, sort=form.sort_order)
        picks = _whole_answer(request, found, context) if plain else []
    except SearchUnavailable:
        return _unavailable(request, context)
    return render(request, "search/results.html", context | _shown(form, found, picks))


def _whole_answer(request: HttpRequest, found: Results, context: dict[str, Any]) -> list[Promotion]:
    """What belongs to a query asked plainly: the editors' picks, what was probably meant, a line of the log."""
    picks = promotions(found.text, request)
    covered = coverage(found)
    found.did_you_mean = spelling.correction(found, covered=covered)
    answers = covered.answers + len(picks)
    context["weak"] = found.total and not answers
    querylog.note(found.text, answers=answers)
    return picks


def _with_way_back(url: str, text: str) -> str:
    """The address with what was asked, from which its page makes a link back to the results."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode({"from": text})]))))


def _shown(form: SearchForm, found: Results, picks: list[Promotion]) -> dict[str, Any]:
    """What the template needs of the results."""
    promoted = {pick.url for pick in picks}
    clear = panels.clear_url(form)
    return {
        "results": replace(found, hits=[_told_once(hit) for hit in found.hits if hit.url not in promoted]),
        "promoted": [_as_hit(pick) for pick in picks],
        "groups": panels.groups(form, found),
        "chips": panels.chips(form),
        "sorts": panels.sorts(form),
        "kept": [pair for pair in form.pairs() if pair[0] not in {"since", "until"}],
        "clear_url": clear,
        "most": MAX_CANDIDATES,
        "page_query": form.address().removeprefix("?"),
        "pager_page": min(form.page_number, max(found.page_count, 1)),
        "meant_query": urlencode({"q": found.did_you_mean}),
        "nothing_actions": [(_("清除全部条件"), clear)] if clear else [],
        "canonical": reverse("search:results") + "?" + urlencode({"q": found.text}),
        "beyond": found.page_count and form.page_number > found.page_count,
        "life_events": [] if found.total else panels.life_events(),
    }


def _told_once(hit: Hit) -> Hit:
    """A hit without the line above its title where that says the same as the title."""
    return replace(hit, label="") if hit.label == "".join(segment.text for segment in hit.title) else hit


def _as_hit(pick: Promotion) -> Hit:
    """A pick in the shape of a hit, so that one component shows both."""
    return Hit(
        key="", kind=pick.kind, title=(Segment(pick.title),), url=pick.url, score=0.0, summary=pick.text, promoted=True
    )


def _unavailable(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    response = render(request, "search/unavailable.html", context | {"life_events": panels.life_events()}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@limited("suggest")
def suggest(request: HttpRequest) -> HttpResponse:
    """Phrases for what was typed so far: JSON for the search box, a page of links for everybody else."""
    text = request.GET.get("q", "")
    offers = suggested(text)
    if request.GET.get("format") == "json" or (
        request.accepts("application/json") and not request.accepts("text/html")
    ):
        labels = documents.facet_values("kinds")
        lines = [
            {"phrase": offer.phrase, "url": offer.url, "kind": offer.kind, "label": labels.get(offer.kind, "")}
            for offer in offers
        ]
        return JsonResponse({"suggestions": lines}, json_dumps_params={"ensure_ascii": False})
    context = {"offers": offers, "query": SearchForm(request.GET).text, "hide_header_search": True}
    return render(request, "search/suggest.html", context)
