"""The back office's report on published pages that need an editor."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from knowledge.guides.choices import LifeEvent
from knowledge.guides.health import Problem, examine_published, pages_with_broken_links
from knowledge.guides.models import (
    GuideCitation,
    GuidePage,
    KnowledgePage,
    KnowledgePageQuerySet,
    LessonPage,
    QuestionPage,
    StoryPage,
)

PAGE_TYPES = {model.kind: model for model in (GuidePage, QuestionPage, StoryPage, LessonPage)}


def pages_with(problem: str | None = None) -> KnowledgePageQuerySet:
    """The live pages that have this problem, or any."""
    pages = KnowledgePage.objects.live()
    replaced = GuideCitation.objects.filter(page=OuterRef("pk"), article__edition__is_current=False)
    having = {
        Problem.PAST_REVIEW: lambda: Q(pk__in=KnowledgePage.objects.past_review().values("pk")),
        Problem.NEVER_REVIEWED: lambda: Q(reviewed_on=None),
        Problem.REPLACED_ARTICLE: lambda: Q(Exists(replaced)),
        Problem.BROKEN_LINK: lambda: Q(pk__in=pages_with_broken_links()),
    }
    wanted = [Problem(problem)] if problem else list(Problem)
    condition = Q()
    for one in wanted:
        condition |= having[one]()
    return pages.filter(condition)


class ContentHealthFilterSet(WagtailFilterSet):
    """Narrows the report."""

    problem = django_filters.ChoiceFilter(label=_("问题"), choices=Problem.choices, method="by_problem")
    kind = django_filters.ChoiceFilter(
        label=_("类型"),
        choices=[(kind, model._meta.verbose_name) for kind, model in PAGE_TYPES.items()],
        method="by_kind",
    )
    life_event = django_filters.ChoiceFilter(label=_("生活事件"), choices=LifeEvent.choices)

    class Meta:
        model = KnowledgePage
        fields = ["problem", "kind", "life_event"]

    def by_problem(self, pages: QuerySet[KnowledgePage], name: str, value: str) -> QuerySet[KnowledgePage]:
        """Pages with one kind of problem."""
        return pages.filter(pk__in=pages_with(value).values("pk"))

    def by_kind(self, pages: QuerySet[KnowledgePage], name: str, value: str) -> QuerySet[KnowledgePage]:
        """Pages of one kind."""
        return pages.filter(pk__in=PAGE_TYPES[value].objects.values("pk"))


class ContentHealthView(ReportView):
    """Published pages past their review, citing replaced articles or with broken links: what to repair next."""

    model = KnowledgePage
    page_title = _("内容体检")
    header_icon = "glasses"
    filterset_class = ContentHealthFilterSet
    index_url_name = "guides_content_health"
    index_results_url_name = "guides_content_health_results"
    results_template_name = "guides/admin/content_health_results.html"
    export_filename = "content-health"
    list_export = ["title", "kind_label", "finding_texts", "reviewed_on", "reviewed_by", "review_again_on", "full_url"]
    export_headings = {
        "title": _("标题"),
        "kind_label": _("类型"),
        "finding_texts": _("问题"),
        "reviewed_on": _("审核日期"),
        "reviewed_by": _("审核单位"),
        "review_again_on": _("下次复核日期"),
        "full_url": _("网址"),
    }
    permission_policy = policy_registry.get_by_type(Page)
    any_permission_required = ["add", "change", "publish"]

    def get_queryset(self) -> QuerySet[KnowledgePage]:
        mine = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, self.any_permission_required
        )
        pages = pages_with().filter(pk__in=mine.values("pk")).select_related("content_type")
        return pages.order_by("review_again_on", "pk")

    def decorate_paginated_queryset(self, object_list: Any) -> list[KnowledgePage]:
        pages = list(object_list)
        findings = examine_published(pages)
        for page in pages:
            page.findings = findings[page.pk]
            page.finding_texts = "；".join(finding.text for finding in page.findings)
        return pages
