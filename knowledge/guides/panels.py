"""Parts of the editors' forms."""

from typing import Any

from wagtail.admin.panels import Panel


class HealthPanel(Panel):
    """What is wrong with the page as it is: a review that is due, a replaced article, a link that leads nowhere.

    Shown above the form, and only when there is something to say.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "guides/admin/health_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown() and bool(self.findings)

        @property
        def findings(self) -> list[Any]:
            """The findings for this page, read once a form."""
            from knowledge.guides.health import examine

            if not hasattr(self, "_findings"):
                self._findings = examine(self.instance)
            return self._findings

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"findings": self.findings}
