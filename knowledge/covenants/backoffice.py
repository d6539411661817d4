"""The procedure of covenants in the back office: what was done, what comes next, what a reviewer should look at."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import QuerySet
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
from .comparison import compare
from .models import Adoption, CovenantPage, CovenantText, Paper, WordPattern
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
            "comparisons": _comparisons(self.request, adoption),
            "editable": adoption.covenant.permissions_for_user(self.request.user).can_edit(),
        }


def _comparisons(request: HttpRequest, adoption: Adoption) -> list[tuple[str, str]]:
    """What the text of an adoption is read beside: what is in force, and the text before it. Labels and addresses."""
    text = adoption.text
    if text is None:
        return []
    before = _texts(request.user, adoption.covenant_id).filter(number__lt=text.number).first()
    in_force = adoption.covenant.in_force
    found = [
        (_now("与上一稿对照"), before),
        (_now("与现行版本对照"), in_force.text if in_force and in_force.text_id != text.pk else None),
    ]
    page = reverse("covenants_compare", args=[adoption.covenant_id])
    return [(label, f"{page}?old={other.number}&new={text.number}") for label, other in found if other]


def _texts(user: Any, covenant: int) -> "QuerySet[CovenantText]":
    """The texts of a covenant that somebody may see, the newest first, with the adoptions that they stand in."""
    texts = rows_for(CovenantText, user).filter(covenant=covenant).order_by("-number")
    return texts.prefetch_related("adoptions")


class TextField(forms.ModelChoiceField):
    """One text of a covenant, by its number."""

    def label_from_instance(self, obj: Any) -> str:
        """第 3 稿（2026-09-20，第 2 版：现行）."""
        standing = [
            _now("第 %(number)d 版：%(state)s") % {"number": one.number, "state": one.get_state_display()}
            for one in obj.adoptions.all()
        ]
        told = _now("，").join([f"{timezone.localdate(obj.made_at):%Y-%m-%d}", *standing])
        return _now("第 %(number)d 稿（%(told)s）") % {"number": obj.number, "told": told}


class CompareForm(forms.Form):
    """Which two texts of a covenant."""

    old = TextField(CovenantText.objects.none(), label=_("旧稿"), empty_label=None, to_field_name="number")
    new = TextField(CovenantText.objects.none(), label=_("新稿"), empty_label=None, to_field_name="number")

    def __init__(self, data: Any, *, texts: "QuerySet[CovenantText]") -> None:
        super().__init__(data, label_suffix="")
        for field in self.fields.values():
            field.queryset = texts  # type: ignore[attr-defined]


class CompareView(View):
    """Any two texts of a covenant side by side, drafts that were never voted on among them."""

    scoped = True

    def get(self, request: HttpRequest, covenant: int) -> HttpResponse:
        """The two that were chosen; the newest and the one before it, where none were."""
        texts = _texts(request.user, covenant)
        newest = list(texts[:2])
        if not newest:
            raise Http404
        chosen = request.GET or {"old": newest[-1].number, "new": newest[0].number}
        form = CompareForm(chosen, texts=texts)
        rows = compare(form.cleaned_data["old"], form.cleaned_data["new"]) if form.is_valid() else []
        context = {"form": form, "rows": rows, "has_several": len(newest) > 1}
        title = _now("%(covenant)s：各稿对照") % {"covenant": newest[0].title}
        return render(request, "covenants/admin/compare.html", _page(request, title) | context)


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
