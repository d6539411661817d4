"""What a filing still lacks before it may be submitted, by field."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.organizations.choices import FileKind, Status
from registry.organizations.models import CountySettings, Filing, Organization
from registry.organizations.models.rules import settings_for
from registry.organizations.validators import credit_code_problem
from registry.places.models import Kind

_REQUIRED_LATER = ("head_name", "head_phone", "premises", "premises_right")


def problems(filing: Filing) -> dict[str, list[str]]:
    """The reasons against submission, by field; empty when it may be submitted."""
    found: dict[str, list[str]] = {}
    _columns(filing, found)
    _numbers(filing, settings_for(filing.place), found)
    _files(filing, found)
    for name, message in conflicts(filing).items():
        found.setdefault(name, []).append(message)
    return found


def _columns(filing: Filing, found: dict[str, list[str]]) -> None:
    try:
        filing.clean_fields(exclude=["organization", "reviewer", "submitted_at", "due_on", "decided_at"])
    except ValidationError as error:
        found.update(error.message_dict)
    for name in _REQUIRED_LATER:
        if not getattr(filing, name):
            found.setdefault(name, []).append(_("请填写%(field)s。") % {"field": label(name)})
    if problem := credit_code_problem(filing.credit_code, filing.form):
        found.setdefault("credit_code", []).append(problem)
    county = filing.place.above(Kind.COUNTY)
    if county is None or filing.kind.county_id != county.pk:
        found.setdefault("kind", []).append(_("这个类别不是所在区县的，请重新选择。"))


def label(name: str) -> str:
    """What users read for a column."""
    return str(getattr(Filing._meta.get_field(name), "verbose_name", name))


def _numbers(filing: Filing, county: CountySettings, found: dict[str, list[str]]) -> None:
    founders, members = filing.founders.count(), filing.members.count()
    if founders < county.min_founders:
        found["founders"] = [
            _("发起人至少 %(least)s 人，现在有 %(now)s 人。") % {"least": county.min_founders, "now": founders}
        ]
    if members < county.min_members:
        found["members"] = [
            _("会员至少 %(least)s 人，现在有 %(now)s 人。") % {"least": county.min_members, "now": members}
        ]


def _files(filing: Filing, found: dict[str, list[str]]) -> None:
    if not filing.files.filter(kind=FileKind.CHARTER).exists():
        found["files"] = [_("请上传章程。")]


def conflicts(filing: Filing) -> dict[str, str]:
    """What of the filing another organization in the register already has."""
    others = Organization.objects.all()
    if filing.organization_id is not None:
        others = others.exclude(pk=filing.organization_id)
    found = {}
    named = others.exclude(status=Status.DEREGISTERED).filter(place=filing.place, name=filing.name)
    if named.exists():
        found["name"] = _("这里已有同名的组织，请换一个名称。")
    if filing.credit_code and others.filter(credit_code=filing.credit_code).exists():
        found["credit_code"] = _("这个统一社会信用代码已经登记过。")
    return found
