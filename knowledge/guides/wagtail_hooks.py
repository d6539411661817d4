"""The back office: topics, the report on pages that need an editor, what the history says of sample content."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from knowledge.guides.reports import ContentHealthView
from knowledge.guides.viewsets import TopicViewSet
from knowledge.samples import register_log_action


@hooks.register("register_log_actions")
def sample_log_action(actions: LogActionRegistry) -> None:
    """Name the loading of samples in the history of pages."""
    register_log_action(actions)


@hooks.register("register_admin_viewset")
def topic_viewset() -> TopicViewSet:
    """Topics: renamed in one place for all pages."""
    return TopicViewSet("topics")


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    """The report's addresses."""
    return [
        path("reports/content-health/", ContentHealthView.as_view(), name="guides_content_health"),
        path(
            "reports/content-health/results/",
            ContentHealthView.as_view(results_only=True),
            name="guides_content_health_results",
        ),
    ]


class ContentHealthMenuItem(MenuItem):
    """Shown to those who may use the report."""

    def is_shown(self, request: object) -> bool:
        policy = ContentHealthView.permission_policy
        return bool(
            policy.user_has_any_permission(request.user, ContentHealthView.any_permission_required)  # type: ignore[attr-defined]
        )


@hooks.register("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    """First among the reports: it is the one to work through."""
    return ContentHealthMenuItem(
        _("内容体检"), reverse("guides_content_health"), name="content-health", icon_name="glasses", order=100
    )
