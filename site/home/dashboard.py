"""What the back office's first page offers: a way to begin, and what waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from laces.components import Component
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from accounts.models import User
from accounts.scoping import appointments_of
from accounts.waiting import waiting_for
from knowledge.guides.health import Problem
from knowledge.guides.models import KnowledgePage

from .models import HomePage

REVIEWS_SHOWN = 5
SPOTS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Start:
    """A page that this person may write, and where."""

    label: str
    url: str


class WaitingPanel(Component):
    """Whose place this is, and what waits there for whom it is: counts that lead to the rows."""

    name = "waiting"
    template_name = "home/admin/waiting.html"
    order = 50

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The user's roles and places, and each kind of work of which something waits.

        `has_work` tells of those whose roles give them any of this work at all.
        """
        assert parent_context is not None
        user = parent_context["request"].user
        found = waiting_for(user)
        return {
            "user": user,
            "appointments": appointments_of(user),
            "has_work": bool(found),
            "waiting": [one for one in found if one.count],
            "spots_shown": SPOTS_SHOWN,
        }


class StartPanel(Component):
    """Buttons to write a new page of each kind, for those who may."""

    name = "start"
    template_name = "home/admin/start.html"
    order = 100

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The kinds of pages that may be written, section by section."""
        assert parent_context is not None
        return {"starts": list(_starts(parent_context["request"].user))}


class ReviewDuePanel(Component):
    """Published pages whose review is due, for those who may edit them; the longest due first."""

    name = "review_due"
    template_name = "home/admin/review_due.html"
    order = 230

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The first few pages, how many there are, and where the rest is listed."""
        assert parent_context is not None
        user = parent_context["request"].user
        editable = page_permission_policy.instances_user_has_permission_for(user, "change")
        due = KnowledgePage.objects.live().past_review().filter(pk__in=editable.values("pk"))
        report = reverse("guides_content_health")
        return {
            "pages": list(due.order_by("review_again_on", "pk")[:REVIEWS_SHOWN]),
            "count": due.count(),
            "report_url": f"{report}?problem={Problem.PAST_REVIEW}",
        }


def _starts(user: User) -> Iterator[Start]:
    home = HomePage.objects.first()
    if home is None:
        return
    for section in Page.objects.child_of(home).order_by("path").specific(defer=True):
        if section.permissions_for_user(user).can_add_subpage():
            for model in section.creatable_subpage_models():
                yield Start(
                    label=str(model._meta.verbose_name),
                    url=reverse(
                        "wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, section.pk]
                    ),
                )
