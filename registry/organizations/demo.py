"""The demo's organizations: thirty, in every state a register knows, with what they offered and reported."""

import datetime
import hashlib
import random
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from accounts.audit import record
from accounts.models import User
from registry.organizations import actions
from registry.organizations.choices import FileKind, LegalForm, Outcome, PremisesRight, Purpose, State, Status
from registry.organizations.demo_texts import (
    BASES,
    DEREGISTERED,
    DUTIES,
    EXPIRED,
    GIVEN,
    IN_PROGRESS,
    REGISTERED,
    SURNAMES,
    TOWNSHIP_WIDE,
    DemoOrganization,
)
from registry.organizations.models import (
    AnnualReport,
    Decision,
    Filing,
    FilingFile,
    Founder,
    Manager,
    Member,
    Nurture,
    Organization,
    OrganizationKind,
    PurchasedService,
    Service,
    Submission,
    Support,
)
from registry.organizations.snapshots import content_of
from registry.places.models import Kind, Place

MANAGERS = (("lin.xiulan@example.com", "林秀兰"), ("zhou.jianmin@example.com", "周建民"))
"""Two people with public accounts, who manage the first organizations between them."""


def managers() -> list[User]:
    """The demo's two managers, made where they are missing, without a password."""
    found = []
    for email, name in MANAGERS:
        user = User.objects.filter(username=email).first()
        if user is None:
            user = User.objects.create_user(email, email, None, display_name=name)
        found.append(user)
    return found


@transaction.atomic
def load(*, county: Place, by: User, seed: int = 1) -> list[Organization]:
    """The demo's organizations in this county; made once. Returns those in the register."""
    actions.open_county(county=county, by=by)
    if not Filing.objects.at(county).exists():
        _Maker(county, by, seed).make()
    return list(Organization.objects.at(county).order_by("number"))


class _Maker:
    """Makes them from one source of chance."""

    def __init__(self, county: Place, by: User, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.by = by
        self.county = county
        self.today = timezone.localdate()
        self.villages = list(Place.objects.within([county]).of_kind(Kind.VILLAGE))
        self.kinds = {kind.code: kind for kind in OrganizationKind.objects.filter(county=county)}
        self.managers = managers()
        self.years: dict[int, int] = {}
        self.given = GIVEN.split()
        self.charter = _charter()

    def make(self) -> None:
        """All of them."""
        # Nearly all periods are still long; two end within days, so that renewal can be tried.
        drawn = [
            (1088 if at in (1, 6) else 200 + at * 45, at, one, Status.REGISTERED) for at, one in _numbered(REGISTERED)
        ]
        drawn += [(1130 + 40 * at, at, one, Status.EXPIRED) for at, one in _numbered(EXPIRED)]
        drawn += [(700 + 90 * at, at, one, Status.DEREGISTERED) for at, one in _numbered(DEREGISTERED)]
        for age, at, one, status in sorted(drawn, key=lambda row: -row[0]):
            self._registered(one, age, at, status)
        for at, (state, one) in enumerate(IN_PROGRESS):
            self._in_progress(one, State(state), at)

    def _registered(self, drawn: DemoOrganization, age: int, at: int, status: str) -> None:
        begun = self.today - datetime.timedelta(days=age)
        filing = self._filing(drawn, self.managers[at % 2], begun - datetime.timedelta(days=5))
        organization = Organization(
            filing=filing,
            number=self._number(begun.year),
            registered_on=begun,
            valid_from=begun,
            valid_until=_years_after(begun, 3) - datetime.timedelta(days=1),
            status=status,
        )
        organization.copy_particulars(filing)
        if status == Status.DEREGISTERED:
            organization.deregistered_on = self.today - datetime.timedelta(days=60 + 30 * at)
            organization.deregistration_reason = "会员人数不足，经会员大会决议自行解散。"
        organization.save()
        self._decide(filing, Outcome.APPROVED, State.APPROVED, organization=organization)
        Manager.objects.create(organization=organization, user=filing.applicant, since=begun)
        record(by=self.by, action="organizations.load_demo", subject=organization, place=organization.place)
        self._history(organization, drawn, at)

    def _history(self, organization: Organization, drawn: DemoOrganization, at: int) -> None:
        for number, offered in enumerate(drawn.services):
            stale = at in (4, 9, 15) and number == 0
            Service.objects.create(
                organization=organization,
                name=offered.name,
                description=offered.description,
                audience=offered.audience,
                location=organization.premises,
                hours=offered.hours,
                cost=offered.cost,
                contact=organization.contact_phone or "到场所当面联系",
                confirmed_on=self.today - datetime.timedelta(days=400 + 30 * at if stale else 10 + 7 * at),
            )
        if drawn.contract is not None:
            self._contracts(organization, drawn)
        self._growth(organization, at)
        self._reports(organization)

    def _contracts(self, organization: Organization, drawn: DemoOrganization) -> None:
        assert drawn.contract is not None
        first = organization.registered_on.year
        for year in sorted({max(first, self.today.year - 1), self.today.year}):
            over = year < self.today.year
            PurchasedService.objects.create(
                organization=organization,
                number=f"云购服〔{year}〕{organization.number[-3:]}号",
                title=f"{drawn.contract.title}（{year}年）",
                purchaser=drawn.contract.purchaser or _government(organization.place),
                amount=drawn.contract.amount,
                starts_on=datetime.date(year, 1, 1),
                ends_on=datetime.date(year, 12, 31),
                deliverables=drawn.contract.deliverables,
                rating=self.chance.choice(["excellent", "good", "passed"]) if over else "",
                evaluation="按合同完成，台账齐全，服务对象满意。" if over else "",
                evaluated_on=datetime.date(year + 1, 1, 12) if over else None,
            )

    def _growth(self, organization: Organization, at: int) -> None:
        if at % 3 == 2:
            return
        stages = ["seed", "growing", "mature", "graduated"][: 1 + at % 4]
        span = (self.today - organization.registered_on).days
        for number, stage in enumerate(stages):
            since = organization.registered_on + datetime.timedelta(days=span * number // (len(stages) + 1))
            Nurture.objects.create(organization=organization, stage=stage, since=since)
        given = [
            ("venue", "孵化基地办公位一个，水电全免", "云溪县社会组织服务中心", None),
            ("training", "财务规范和项目书写作培训两期", "云溪县社会组织服务中心", Decimal("1200.00")),
            ("funding", "微公益创投资助", organization.place.name, Decimal("5000.00")),
        ]
        for number, (kind, text, provider, value) in enumerate(given[: 1 + at % 3]):
            on = organization.registered_on + datetime.timedelta(days=30 + 60 * number)
            Support.objects.create(
                organization=organization, kind=kind, description=text, provider=provider, value=value, on=on
            )

    def _reports(self, organization: Organization) -> None:
        balance = Decimal(self.chance.randrange(0, 8000))
        end = organization.deregistered_on or min(self.today, organization.valid_until)
        for year in range(organization.registered_on.year, end.year):
            income = Decimal(self.chance.randrange(2000, 60000))
            spent = ((balance + income) * self.chance.randrange(60, 98) / 100).quantize(Decimal("0.01"))
            times = self.chance.randrange(12, 90)
            report = AnnualReport.objects.create(
                organization=organization,
                year=year,
                work=f"本年度共开展活动 {times} 次。{organization.aims}遇到的困难主要是场地紧、年轻人少。",
                plans="把现有的服务做稳，争取多几名年轻会员。",
                activities=times,
                people_served=times * self.chance.randrange(8, 40),
                members=organization.filing.members.count(),
                opening_balance=balance,
                income=income,
                expenditure=spent,
                filed_at=_noon(datetime.date(year + 1, 3, 10)) if year < self.today.year else timezone.now(),
                filed_by=organization.filing.applicant,
            )
            if year < self.today.year - 1 or organization.pk % 3:
                report.confirmed_at = report.filed_at + datetime.timedelta(days=6)
                report.confirmed_by = self.by
                report.save()
            balance = report.closing_balance

    def _in_progress(self, drawn: DemoOrganization, state: State, at: int) -> None:
        days = {1: 9, 2: 2, 3: 8, 4: 1}.get(at, 12)
        written = self.today - datetime.timedelta(days=days)
        filing = self._filing(drawn, self.managers[at % 2], written, submit=state != State.DRAFT)
        if state == State.IN_REVIEW:
            filing.state, filing.reviewer = state, self.by
            filing.save()
        elif state == State.RETURNED:
            reasons = {"files": "章程缺少财务管理一章，请补上后重新上传。", "aims": "请写明服务哪些人、每月做几次。"}
            self._decide(filing, Outcome.RETURNED, State.RETURNED, reasons=reasons)
            if at % 2:
                self._again(filing)
        elif state == State.REFUSED:
            self._decide(
                filing, Outcome.REFUSED, State.REFUSED, remark="业务范围以推销产品为主，不属于社会组织的业务。"
            )

    def _again(self, filing: Filing) -> None:
        """Put right and submitted once more, so that the review shows what changed."""
        filing.aims += "每月两次，服务本社区六十岁以上的老人。"
        filing.premises = f"{filing.place.full_name}文化礼堂一楼"
        Member.objects.filter(filing=filing).last().delete()  # type: ignore[union-attr]
        person = self._person(Member, filing, 99)
        person.save()
        filing.save()
        actions.submit(filing=filing, by=filing.applicant)

    def _filing(
        self, drawn: DemoOrganization, applicant: User, written: datetime.date, *, submit: bool = True
    ) -> Filing:
        place = self._place(drawn)
        whole = drawn.form == LegalForm.FOUNDATION
        head = self._name()
        filing = Filing(
            applicant=applicant,
            purpose=Purpose.NEW,
            name=drawn.name if whole else f"{place.name}{drawn.name.removeprefix(place.name.removesuffix('村'))}",
            form=drawn.form,
            credit_code=self._code(drawn.form),
            kind=self.kinds[drawn.kind],
            field_of_work=drawn.field,
            place=place,
            aims=drawn.aims,
            head_name=head,
            head_phone=self._phone(),
            head_public=self.chance.random() < 0.5,
            contact_phone=f"0570-{self.chance.randrange(5000000, 5999999)}" if self.chance.random() < 0.8 else "",
            premises=f"{place.full_name}{self.chance.choice(BASES)}",
            premises_right=self.chance.choice([PremisesRight.PROVIDED, PremisesRight.PROVIDED, PremisesRight.RENTED]),
        )
        filing.save()
        Founder.objects.bulk_create([self._person(Founder, filing, n) for n in range(2 + self.chance.randrange(3))])
        people = [self._person(Member, filing, n) for n in range(10 + self.chance.randrange(25))]
        unique = {(person.name, person.phone): person for person in people}
        Member.objects.bulk_create(unique.values())
        FilingFile.objects.create(filing=filing, kind=FileKind.CHARTER, **self._stored())
        if submit:
            self._submit(filing, written)
        return filing

    def _submit(self, filing: Filing, written: datetime.date) -> None:
        at = _noon(written)
        filing.state, filing.submitted_at = State.SUBMITTED, at
        filing.due_on = written + datetime.timedelta(days=7)
        filing.save()
        Submission.objects.create(filing=filing, number=1, content=content_of(filing), at=at, by=filing.applicant)

    def _decide(self, filing: Filing, outcome: str, state: str, **details: Any) -> None:
        assert filing.submitted_at is not None
        at = filing.submitted_at + datetime.timedelta(days=4)
        filing.organization = details.pop("organization", None)
        Decision.objects.create(
            filing=filing, submission=filing.submissions.latest("number"), outcome=outcome, by=self.by, at=at, **details
        )
        filing.state, filing.reviewer = state, self.by
        filing.decided_at = None if outcome == Outcome.RETURNED else at
        filing.save()

    def _place(self, drawn: DemoOrganization) -> Place:
        if drawn.form == LegalForm.FOUNDATION:
            return self.county
        village = self.villages[max(drawn.village, 0) % len(self.villages)]
        if drawn.village == TOWNSHIP_WIDE:
            return self.chance.choice(self.villages).get_parent()
        return village

    def _number(self, year: int) -> str:
        self.years[year] = self.years.get(year, 0) + 1
        return f"{self.county.code[:6]}{year}{self.years[year]:04d}"

    def _code(self, form: str) -> str:
        prefix = LegalForm(form).code_prefix
        if not prefix:
            return ""
        body = f"{prefix}{self.county.code[:6]}MJ9{self.chance.randrange(100000, 999999)}"
        return body + uscc.calc_check_digit(body)

    def _name(self) -> str:
        return self.chance.choice(SURNAMES) + self.chance.choice(self.given)

    def _phone(self) -> str:
        return f"1{self.chance.choice('3589')}{self.chance.randrange(10)}0000{self.chance.randrange(1000, 9999)}"

    def _person(self, model: Any, filing: Filing, position: int) -> Any:
        person = model(
            filing=filing,
            name=self._name(),
            phone=self._phone(),
            duty=self.chance.choice(DUTIES),
            position=position,
        )
        return person.stamp()

    def _stored(self) -> dict[str, Any]:
        """The columns of a file row: one stored charter serves all filings of the demo."""
        if isinstance(self.charter, bytes):
            content = ContentFile(self.charter, name="charter.docx")
            field: Any = FilingFile._meta.get_field("file")
            name = field.storage.save(field.generate_filename(FilingFile(), "charter.docx"), content)
            self.charter = {
                "file": name,
                "name": "章程.docx",
                "size": len(self.charter),
                "sha256": hashlib.sha256(self.charter).hexdigest(),
            }
        return self.charter


def _numbered(drawn: Iterable[DemoOrganization]) -> list[tuple[int, DemoOrganization]]:
    return list(enumerate(drawn))


def _government(place: Place) -> str:
    """Who buys services for a place: its township's government, or its street's office."""
    township = place.above(Kind.TOWNSHIP) or place
    return f"{township.name}办事处" if township.name.endswith("街道") else f"{township.name}人民政府"


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10, 30)))


def _years_after(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)


_PARAGRAPHS = (
    "章程（示范文本）",
    "第一条　本组织由居民自愿组成，在乡镇（街道）备案，接受村（社区）的指导。",
    "第二条　本组织不以营利为目的，收入全部用于章程规定的活动，账目每季度公开一次。",
    "第三条　会员大会是最高权力机构，每年至少召开一次，决议须经到会会员过半数同意。",
    "第四条　会员有权查阅账目、会议记录，可以自愿退出。",
)


def _charter() -> Any:
    """A charter as a Word file (ECMA-376: three parts are the least that one has)."""
    return _docx(_PARAGRAPHS)


def _docx(paragraphs: Iterable[str]) -> bytes:
    office = "http://schemas.openxmlformats.org"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body>{body}</w:body>'
        "</w:document>",
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), f'<?xml version="1.0" encoding="UTF-8"?>{text}'
            )
    return buffer.getvalue()
