"""From the first opinions to the day on which a covenant is in force; no step before the one that it needs."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit

from ..models import Adoption, CovenantPage, CovenantText, Paper, Step, digest_of, freeze
from ..votes import Vote

State = Adoption.State


@transaction.atomic
def begin(*, covenant: CovenantPage, on: date, note: str, by: Any, papers: Iterable[File] = ()) -> Adoption:
    """Begin making or revising a covenant by asking for opinions. One at a time for each covenant."""
    CovenantPage.objects.select_for_update(of=("self",)).get(pk=covenant.pk)
    under_way = covenant.adoptions.under_way().first()
    if under_way is not None:
        raise ValidationError(
            _("这份村规民约正在修订（%(state)s），先办完这一次。") % {"state": under_way.get_state_display()}
        )
    adoption = Adoption.objects.create(covenant=covenant, number=covenant.adoptions.count() + 1)
    _add_step(adoption, Step.Kind.OPINIONS, on, note, papers, by)
    return adoption


@transaction.atomic
def settle_draft(
    *,
    adoption: Adoption,
    on: date,
    note: str,
    by: Any,
    papers: Iterable[File] = (),
    draft: CovenantPage | None = None,
) -> Adoption:
    """Freeze the newest text that editors saved (or `draft`) as what is to be reviewed; after a review, anew."""
    adoption = _locked(adoption, State.OPINIONS, State.DRAFTED, State.RETURNED, State.REVIEWED)
    page = draft or adoption.covenant.get_latest_revision_as_object()
    chapters = freeze(page.numbered_chapters)
    if not any(chapter["clauses"] for chapter in chapters):
        raise ValidationError(_("草案里还没有条文，先请编辑写好。"))
    adoption.text = _text(adoption.covenant, page.title, page.preamble, chapters)
    adoption.state = State.DRAFTED
    adoption.save()
    _add_step(adoption, Step.Kind.DRAFT, on, note, papers, by)
    return adoption


def _text(covenant: CovenantPage, title: str, preamble: str, chapters: list[dict[str, Any]]) -> CovenantText:
    digest = digest_of(title, preamble, chapters)
    newest = covenant.texts.order_by("-number").first()
    if newest is not None and newest.digest == digest:
        return newest
    return CovenantText.objects.create(
        covenant=covenant,
        number=newest.number + 1 if newest else 1,
        title=title,
        preamble=preamble,
        chapters=chapters,
        digest=digest,
    )


@transaction.atomic
def submit(*, adoption: Adoption, on: date, note: str, by: Any, papers: Iterable[File] = ()) -> Adoption:
    """Send the draft to the township."""
    return _go(adoption, [State.DRAFTED], State.UNDER_REVIEW, Step.Kind.SUBMITTED, on, note, papers, by)


@transaction.atomic
def send_back(*, adoption: Adoption, on: date, note: str, by: Any, papers: Iterable[File] = ()) -> Adoption:
    """The township sends the draft back, with the reasons."""
    if not note.strip():
        raise ValidationError({"note": _("退回要写明理由。")})
    return _go(adoption, [State.UNDER_REVIEW], State.RETURNED, Step.Kind.RETURNED, on, note, papers, by)


@transaction.atomic
def approve(*, adoption: Adoption, on: date, note: str, by: Any, papers: Iterable[File] = ()) -> Adoption:
    """The township finds nothing against the draft."""
    return _go(adoption, [State.UNDER_REVIEW], State.REVIEWED, Step.Kind.REVIEWED, on, note, papers, by)


@transaction.atomic
def record_vote(
    *, adoption: Adoption, vote: Vote, against: int, on: date, note: str, by: Any, papers: Iterable[File] = ()
) -> Adoption:
    """Enter the vote on the text that the township reviewed. One that does not pass by the law ends the adoption."""
    adoption = _locked(adoption, State.REVIEWED)
    if on > timezone.localdate():
        raise ValidationError({"on": _("表决日期不能晚于今天。")})
    for name, value in asdict(vote).items():
        setattr(adoption, name, value)
    adoption.against, adoption.voted_on = against, on
    adoption.state = State.PASSED if vote.passes else State.REJECTED
    adoption.full_clean(exclude=["covenant", "text"])
    adoption.save()
    found = "\n".join(finding.text for finding in vote.findings())
    _add_step(adoption, Step.Kind.VOTE, on, f"{note}\n{found}".strip(), papers, by, passed=vote.passes)
    return adoption


@transaction.atomic
def file(*, adoption: Adoption, number: str, on: date, note: str, by: Any, papers: Iterable[File] = ()) -> Adoption:
    """The township files what was passed (村民委员会组织法 article 27)."""
    adoption = _locked(adoption, State.PASSED)
    if adoption.voted_on is not None and on < adoption.voted_on:
        raise ValidationError({"on": _("备案日期不能早于表决日期。")})
    adoption.filed_on, adoption.filing_number = on, number.strip()
    adoption.save()
    return _go(adoption, [State.PASSED], State.FILED, Step.Kind.FILING, on, note, papers, by)


@transaction.atomic
def publish(*, adoption: Adoption, on: date, note: str, by: Any, papers: Iterable[File] = ()) -> Adoption:
    """Put what was filed in force; the version before it stays readable."""
    adoption = _locked(adoption, State.FILED)
    if adoption.voted_on is not None and on < adoption.voted_on:
        raise ValidationError({"on": _("公布日期不能早于表决日期。")})
    adoption.covenant.adoptions.filter(state=State.IN_FORCE).update(state=State.SUPERSEDED)
    adoption.published_on = on
    adoption.save()
    adoption = _go(adoption, [State.FILED], State.IN_FORCE, Step.Kind.PUBLICATION, on, note, papers, by)
    page = CovenantPage.objects.get(pk=adoption.covenant_id)
    if page.live:
        page.save(update_fields=["adopted_on"])
    else:
        page.get_latest_revision_as_object().save_revision(user=by).publish(user=by, skip_permission_checks=True)
    return adoption


def _go(
    adoption: Adoption, before: list[str], after: str, kind: str, on: date, note: str, papers: Iterable[File], by: Any
) -> Adoption:
    adoption = _locked(adoption, *before)
    adoption.state = after
    adoption.save()
    _add_step(adoption, kind, on, note, papers, by)
    return adoption


def _locked(adoption: Adoption, *states: str) -> Adoption:
    """The adoption as it stands now. Raises ValidationError where this step is not the next."""
    found = Adoption.objects.select_for_update(of=("self",)).select_related("covenant__place").get(pk=adoption.pk)
    if found.state not in states:
        raise ValidationError(_("现在的进度是“%(state)s”，不能办这一步。") % {"state": found.get_state_display()})
    return found


def _add_step(
    adoption: Adoption, kind: str, on: date, note: str, papers: Iterable[File], by: Any, **details: Any
) -> None:
    if on > timezone.localdate():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    newest = adoption.steps.order_by("-pk").first()
    if newest is not None and on < newest.on:
        raise ValidationError({"on": _("日期不能早于上一步（%(step)s）。") % {"step": newest}})
    step = Step(adoption=adoption, kind=kind, on=on, note=note.strip(), entered_by=by)
    step.full_clean(exclude=["entered_by", "adoption"])
    step.save()
    for paper in papers:
        Paper.objects.create(step=step, name=str(paper.name)[:120], file=paper)
    audit.record(
        by=by,
        action=f"covenants.{kind}",
        subject=adoption,
        place=adoption.covenant.place,
        on=on,
        state=adoption.state,
        **details,
    )
