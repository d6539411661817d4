"""The steps of a filing, in their order, and how far a filing has come in them."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.organizations.completeness import problems
from registry.organizations.models import Decision, Filing


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its name in addresses, its title, the fields and lists that it asks for."""

    slug: str
    title: "str | Promise"
    asks: tuple[str, ...]


STEPS = (
    Step("basics", _("基本情况"), ("name", "form", "credit_code", "kind", "field_of_work", "place", "aims")),
    Step("head", _("负责人和联系方式"), ("head_name", "head_phone", "head_public", "contact_phone", "contact_email")),
    Step("founders", _("发起人"), ("founders",)),
    Step("members", _("会员"), ("members",)),
    Step("premises", _("活动场所"), ("premises", "premises_right")),
    Step("files", _("章程和材料"), ("files",)),
)
BY_SLUG = {step.slug: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of one filing."""

    step: Step
    url: str
    missing: list[str] = field(default_factory=list)
    """What it still lacks."""
    reasons: list[str] = field(default_factory=list)
    """What the reviewer asked to be put right."""
    current: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def progress(filing: Filing, *, current: str = "") -> list[Progress]:
    """The steps of a filing, with what each lacks."""
    lacking = problems(filing) if filing.pk else {}
    reasons = reasons_for(filing)
    return [
        Progress(
            step,
            url_of(filing, step.slug),
            [text for name in step.asks for text in lacking.get(name, [])],
            [reasons[name] for name in step.asks if name in reasons],
            step.slug == current,
        )
        for step in STEPS
    ]


def url_of(filing: Filing, slug: str) -> str:
    """The address of a step of this filing."""
    return reverse("organizations:step", args=[filing.pk, slug]) if filing.pk else ""


def after(slug: str) -> str:
    """The slug of the step that follows; empty after the last."""
    slugs = [step.slug for step in STEPS]
    place = slugs.index(slug) + 1
    return slugs[place] if place < len(slugs) else ""


def reasons_for(filing: Filing) -> dict[str, str]:
    """The reasons by field for which a filing stands returned."""
    decision: Decision | None = filing.last_decision if filing.pk and filing.is_editable else None
    return dict(decision.reasons) if decision is not None else {}
