"""The procedure of covenants in the back office: what was done, what comes next, what a reviewer should look at."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput

from accounts import files
from accounts.scoping import places_for, rows_for
from accounts.uploads import validate_document
from accounts.viewsets import ScopedModelViewSet

from .actions import adoption as steps
from .checklist import flags
from .models import Adoption, CovenantPage, Paper, WordPattern
from .votes import Assembly, Vote

State = Adoption.State


class PapersInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Papers of a step, each looked into."""

    widget = PapersInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files. Raises ValidationError for one that is not what it says."""
        uploads = [super(PapersField, self).clean(one, initial) for one in data or []]
        for upload in uploads:
            validate_document(upload)
        return uploads


class StepForm(forms.Form):
    """What every step has."""

    on = forms.DateField(label=_("日期"), widget=AdminDateInput, initial=timezone.localdate)
    note = forms.CharField(label=_("情况"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    papers = PapersField(label=_("材料"), required=False, help_text=_("会议记录、签到表、照片等；只给干部看，不公开。"))


class VoteForm(StepForm):
    """The figures of a vote."""

    assembly = forms.ChoiceField(label=_("会议形式"), choices=Assembly.choices)
    noticed_on = forms.DateField(label=_("通知日期"), widget=AdminDateInput)
    eligible = forms.IntegerField(label=_("应到（人或户）"), min_value=1)
    present = forms.IntegerField(label=_("到会"), min_value=0)
    in_favour = forms.IntegerField(label=_("赞成"), min_value=0)
    against = forms.IntegerField(label=_("反对"), min_value=0)
    field_order = ["on", "noticed_on", "assembly", "eligible", "present", "in_favour", "against", "note", "papers"]

    def clean(self) -> dict[str, Any]:
        """The notice comes before the vote."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("on") and data.get("noticed_on") and data["noticed_on"] > data["on"]:
            self.add_error("noticed_on", _now("通知日期不能晚于表决日期。"))
        return data


class FilingForm(StepForm):
    """The township's number."""

    number = forms.CharField(label=_("备案号"), max_length=60)
    field_order = ["on", "number", "note", "papers"]


def _vote(*, adoption: Adoption, by: Any, **data: Any) -> Adoption:
    days = (data["on"] - data.pop("noticed_on")).days
    figures = {name: data.pop(name) for name in ("assembly", "eligible", "present", "in_favour")}
    return steps.record_vote(adoption=adoption, vote=Vote(notice_days=days, **figures), by=by, **data)


class Next:
    """A step that may come next: its button, its form, its action, and who may do it."""

    def __init__(
        self, name: str, label: Any, act: Callable[..., Adoption], *, permission: str = "change", form: Any = StepForm
    ) -> None:
        self.name, self.label, self.act, self.permission, self.form = name, label, act, permission, form


_DRAFT = Next("draft", _("草案定稿"), steps.settle_draft)
_AGAIN = Next("draft", _("改好了，重新定稿"), steps.settle_draft)
NEXT: dict[str, list[Next]] = {
    State.OPINIONS: [_DRAFT],
    State.DRAFTED: [Next("submit", _("报乡镇审核"), steps.submit), _AGAIN],
    State.UNDER_REVIEW: [
        Next("approve", _("审核通过"), steps.approve, permission="review"),
        Next("send_back", _("退回修改"), steps.send_back, permission="review"),
    ],
    State.RETURNED: [_AGAIN],
    State.REVIEWED: [Next("vote", _("录入表决结果"), _vote, form=VoteForm), _AGAIN],
    State.PASSED: [Next("file", _("备案"), steps.file, permission="review", form=FilingForm)],
    State.FILED: [Next("publish", _("公布施行"), steps.publish)],
}


COMPARED = [state for state in Adoption.UNDER_WAY if state != State.OPINIONS]
"""The states of a revision in which it is read beside what is in force."""


class AdoptionViewSet(ScopedModelViewSet):
    """Procedures under way and done."""

    model = Adoption
    icon = "clipboard-list"
    menu_label = _("村规民约程序")
    menu_order = 610
    add_to_admin_menu = True
    form_fields: list[str] = []
    list_display = [
        TitleColumn("covenant", label=_("村规民约"), url_name="covenants_adoption", sort_key="covenant__title"),
        Column("number", label=_("第几次"), sort_key="number"),
        Column("get_state_display", label=_("进度"), sort_key="state"),
        Column("voted_on", label=_("表决日期"), sort_key="voted_on"),
        Column("published_on", label=_("公布日期"), sort_key="published_on"),
    ]
    list_filter = {"state": ["exact"]}
    search_fields = ["covenant__title", "covenant__village"]
    ordering = ["-pk"]

    def get_urlpatterns(self) -> Any:
        """The list; the steps have a page of their own."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ("index", "index_results")]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """A procedure begins on a page of its own."""
        own = {"add_url_name": "covenants_begin", "edit_url_name": None, "delete_url_name": None}
        return super().get_index_view_kwargs(**kwargs) | own


class BeginForm(StepForm):
    """Which covenant."""

    covenant = forms.ModelChoiceField(CovenantPage.objects.none(), label=_("村规民约"))
    field_order = ["covenant", "on", "note", "papers"]


class BeginView(View):
    """A procedure begins: opinions are asked for."""

    scoped = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the beginning."""
        if not request.user.has_perm("covenants.add_adoption"):
            raise PermissionDenied
        form = BeginForm(request.POST or None, request.FILES or None)
        places = places_for(request.user, "covenants.add_adoption")
        form.fields["covenant"].queryset = CovenantPage.objects.filter(place__in=places)  # type: ignore[attr-defined]
        if request.method == "POST" and form.is_valid():
            try:
                begun = steps.begin(by=request.user, **form.cleaned_data)
            except ValidationError as error:
                _tell(form, error)
            else:
                return redirect("covenants_adoption", begun.pk)
        return render(request, "covenants/admin/begin.html", _page(request, _now("开始制定或修订")) | {"form": form})


class AdoptionView(View):
    """A procedure, its text with what a reviewer should look at, and the steps that may come next."""

    scoped = True

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it, or do the step that the form names."""
        self.request = request
        rows = rows_for(Adoption, request.user).select_related("covenant__place", "text")
        adoption = get_object_or_404(rows, pk=pk)
        choices = [one for one in NEXT.get(adoption.state, []) if self._may(adoption, one)]
        forms_by_name = {one.name: one.form(prefix=one.name) for one in choices}
        if request.method == "POST":
            step = next((one for one in choices if one.name == request.POST.get("step")), None)
            if step is None:
                raise Http404
            form = step.form(request.POST, request.FILES, prefix=step.name)
            forms_by_name[step.name] = form
            if form.is_valid() and self._do(adoption, step, form):
                return redirect("covenants_adoption", pk)
        offered = [(one, forms_by_name[one.name]) for one in choices]
        return render(request, "covenants/admin/adoption.html", self._context(adoption, offered))

    def _may(self, adoption: Adoption, step: Next) -> bool:
        return bool(rows_for(Adoption, self.request.user, step.permission).filter(pk=adoption.pk).exists())

    def _do(self, adoption: Adoption, step: Next, form: Any) -> bool:
        try:
            done = step.act(adoption=adoption, by=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            _tell(form, error)
            return False
        if done.state == State.REJECTED:
            messages.warning(self.request, _now("表决没有达到法律规定的人数，这次程序结束。"))
        else:
            messages.success(self.request, _now("已办理：%(state)s。") % {"state": done.get_state_display()})
        return True

    def _context(self, adoption: Adoption, offered: list[Any]) -> dict[str, Any]:
        text = adoption.text
        found = flags(text.numbered_chapters, WordPattern.objects.all()) if text else []
        history = adoption.steps.select_related("entered_by").prefetch_related("papers")
        return _page(self.request, adoption.covenant.title) | {
            "adoption": adoption,
            "steps": history,
            "flags": found,
            "offered": offered,
            "media": sum((form.media for _step, form in offered), forms.Media()),
            "in_force": adoption.covenant.in_force if text and adoption.state in COMPARED else None,
            "editable": adoption.covenant.permissions_for_user(self.request.user).can_edit(),
        }


class PaperView(View):
    """A paper of a step, for those who may see the step."""

    scoped = True

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file."""
        paper = get_object_or_404(rows_for(Paper, request.user), pk=pk)
        return files.serve(paper.file, name=paper.name)


class WordPatternViewSet(ModelViewSet):
    """The words that reviewers' attention is drawn to."""

    model = WordPattern
    icon = "glasses"
    menu_label = _("审查提示词")
    menu_order = 615
    add_to_settings_menu = True
    copy_view_enabled = False
    form_fields = ["name", "words", "reason", "law", "article", "is_active"]
    list_display = ["name", "reason", "law", "article", "is_active"]
    search_fields = ["name", "words"]


def _page(request: HttpRequest, title: str) -> dict[str, Any]:
    """What Wagtail's page header is made of."""
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _now("首页")},
        {"url": reverse("covenants_adoptions:index"), "label": _now("村规民约程序")},
        {"url": "", "label": title},
    ]
    return {"page_title": title, "header_title": title, "breadcrumbs_items": trail, "header_icon": "clipboard-list"}


def _tell(form: Any, error: ValidationError) -> None:
    named = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, texts in named.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
