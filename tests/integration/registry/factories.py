"""A row of each scoped model, standing at a given place, for the tests of reach.

The rule: every model with a `place_lookup` that has a page or a chooser in the back office has a factory here, under
its label. A factory makes one more row each time it is called, so that its text and numbers must not collide:

    @factory("volunteers.team")
    def team(place: Place) -> Team:
        return Team.objects.create(place=place, name=f"义工队{number()}")

`test_reach.py` fails for a model that has none. The rows are looked for by their text too: give each a name of its own.
"""

import itertools
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from accounts import audit
from accounts.models import Appointment, AuditLine, User
from accounts.roles import Role
from knowledge.points.models import Honour, Rules
from registry.funds.actions.statements import publish
from registry.funds.models import Donation, Entry, Fund, GoodsLine, Statement, Stock, Voucher
from registry.funds.models import Kind as VoucherKind
from registry.organizations.models import (
    AnnualReport,
    CountySettings,
    Filing,
    Nurture,
    Organization,
    OrganizationKind,
    PurchasedService,
    Service,
    Support,
)
from registry.places.models import Kind, Place
from registry.volunteers import actions as volunteering
from registry.volunteers.models import Activity, Certificate, HourLine, Team, Volunteer, VolunteerRules

from ..points.makers import (
    make_adoption,
    make_claim,
    make_household,
    make_item,
    make_line,
    make_redemption,
    make_reward,
)
from .funds.makers import Desk, make_fund, make_organization
from .volunteers.factories import a_volunteer, an_activity, at

Factory = Callable[[Place], models.Model]

FACTORIES: dict[str, Factory] = {}

_numbers = itertools.count(1)


def number() -> int:
    """A number that no other row has."""
    return next(_numbers)


def factory(label: str) -> Callable[[Factory], Factory]:
    """Register the factory of a model by its label, "app.model" in small letters."""

    def register(make: Factory) -> Factory:
        assert label not in FACTORIES, label
        FACTORIES[label] = make
        return make

    return register


def make(model: type[models.Model], place: Place) -> Any:
    """A new row of the model that stands at the place."""
    return FACTORIES[model._meta.label_lower](place)


def make_user(name: str = "") -> User:
    """Somebody with no role."""
    unique = number()
    return User.objects.create_user(f"made{unique}", f"made{unique}@example.org", display_name=name or f"人{unique}")


@factory("places.place")
def place_below(place: Place) -> Place:
    """A grid of a village, a micro-grid of a grid."""
    unique = number()
    kind = Kind.MICRO_GRID if place.kind == Kind.GRID else Kind.GRID
    place.refresh_from_db()
    below: Place = place.add_child(code=f"{place.code}-{unique:02}", name=f"网格第{unique}片", kind=kind)
    return below


@factory("accounts.appointment")
def appointment(place: Place) -> Appointment:
    """Somebody's role at the place."""
    return Appointment.objects.create(user=make_user(), role=Role.EDITOR, place=place)


@factory("accounts.auditline")
def audit_line(place: Place) -> AuditLine:
    """A line about something at the place."""
    return audit.record(by=make_user(), action=f"places.test{number()}", subject=place, place=place)


def county_of_its_own() -> Place:
    """A county where nobody of the tests holds a role: what is set for a county is set once."""
    unique = number()
    county: Place = Place.add_root(code=f"97{unique:04}", name=f"远{unique}县", kind=Kind.COUNTY)
    return county


# --- organizations ----------------------------------------------------------------------------------------------


@factory("organizations.organization")
def organization(place: Place) -> Organization:
    """A community organization in the register."""
    return make_organization(place, f"互助会{number()}")


@factory("organizations.filing")
def filing(place: Place) -> Filing:
    """A filing that waits to be reviewed."""
    waiting = organization(place).filing
    now = timezone.now()
    Filing.objects.filter(pk=waiting.pk).update(
        state="submitted",
        submitted_at=now,
        due_on=timezone.localdate() + timedelta(days=7),
        head_name="陆明",
        premises="村委会二楼",
        premises_right=Filing._meta.get_field("premises_right").choices[0][0],
    )
    waiting.refresh_from_db()
    return waiting


@factory("organizations.service")
def service(place: Place) -> Service:
    """A service that an organization offers."""
    return Service.objects.create(
        organization=organization(place),
        name=f"理发{number()}次",
        description="上门理发",
        location="村委会",
        hours="周六上午",
        cost="免费",
        contact="0572-0000000",
    )


@factory("organizations.purchasedservice")
def contract(place: Place) -> PurchasedService:
    """A contract with an organization."""
    unique = number()
    today = timezone.localdate()
    return PurchasedService.objects.create(
        organization=organization(place),
        number=f"HT{unique:05}",
        title=f"助老项目{unique}号",
        purchaser="清溪镇人民政府",
        amount=Decimal(5000),
        starts_on=today,
        ends_on=today + timedelta(days=90),
        deliverables="每月上门两次",
    )


@factory("organizations.nurture")
def nurture(place: Place) -> Nurture:
    """A stage of an organization's nurture."""
    return Nurture.objects.create(
        organization=organization(place), stage=Nurture._meta.get_field("stage").choices[0][0]
    )


@factory("organizations.support")
def support(place: Place) -> Support:
    """Support that an organization received."""
    return Support.objects.create(
        organization=organization(place),
        kind=Support._meta.get_field("kind").choices[0][0],
        description=f"培训第{number()}期",
        provider="镇社工站",
    )


@factory("organizations.annualreport")
def annual_report(place: Place) -> AnnualReport:
    """A report of a year."""
    return AnnualReport.objects.create(
        organization=organization(place),
        year=2025,
        work=f"开展活动{number()}次",
        activities=3,
        people_served=40,
        members=12,
        opening_balance=0,
        income=100,
        expenditure=60,
        filed_by=make_user(),
    )


@factory("organizations.organizationkind")
def organization_kind(place: Place) -> OrganizationKind:
    """A kind that a county counts."""
    unique = number()
    return OrganizationKind.objects.create(county=county_of_its_own(), code=f"kind{unique}", name=f"第{unique}类")


@factory("organizations.countysettings")
def county_settings(place: Place) -> CountySettings:
    """What a county decided."""
    return CountySettings.objects.create(county=county_of_its_own())


# --- volunteers -------------------------------------------------------------------------------------------------


@factory("volunteers.volunteer")
def volunteer(place: Place) -> Volunteer:
    """Somebody on the register."""
    return a_volunteer(place, name=f"志{number()}愿")


@factory("volunteers.team")
def team(place: Place) -> Team:
    """A team of the place."""
    return Team.objects.create(place=place, name=f"义工队{number()}号")


@factory("volunteers.activity")
def activity(place: Place) -> Activity:
    """A published activity with a shift."""
    return an_activity(place, by=make_user(), title=f"清理河道第{number()}回")


@factory("volunteers.hourline")
def hour_line(place: Place) -> HourLine:
    """Hours that somebody served yesterday, objected to."""
    served = activity(place)
    line = volunteering.record_hours(
        volunteer=volunteer(place),
        activity=served,
        starts_at=at(9, days=-1),
        ends_at=at(11, days=-1),
        halves=4,
        by=make_user(),
    )
    volunteering.object_to_hours(line=line, reason="少记了", by=None)
    return line


@factory("volunteers.certificate")
def certificate(place: Place) -> Certificate:
    """A certificate that was asked for."""
    return Certificate.objects.create(volunteer=volunteer(place), place=place)


@factory("volunteers.volunteerrules")
def volunteer_rules(place: Place) -> VolunteerRules:
    """What a county decided."""
    return VolunteerRules.objects.create(place=county_of_its_own())


# --- funds ------------------------------------------------------------------------------------------------------


def books(place: Place) -> Desk:
    """A fund and two people who keep its books."""
    chief = make_user()
    return Desk(make_fund(place, name=f"暖心基金{number()}号", by=chief), make_user(), chief)


@factory("funds.fund")
def fund(place: Place) -> Fund:
    """An open fund."""
    return books(place).fund


@factory("funds.voucher")
def voucher(place: Place) -> Voucher:
    """A voucher that waits for approval."""
    return books(place).propose(VoucherKind.DONATION, purpose=f"慰问第{number()}批")


@factory("funds.entry")
def entry(place: Place) -> Entry:
    """A line of the books."""
    return Entry.objects.get(voucher=books(place).give(100 + number()))


@factory("funds.donation")
def donation(place: Place) -> Donation:
    """A donation in the books."""
    return Donation.objects.get(voucher=books(place).give(100, donor_name=f"陆{number()}明"))


@factory("funds.goodsline")
def goods_line(place: Place) -> GoodsLine:
    """Goods that came in."""
    return GoodsLine.objects.get(voucher=books(place).post(VoucherKind.GOODS_DONATION, goods=f"大米{number()}号"))


@factory("funds.stock")
def stock(place: Place) -> Stock:
    """Goods that are there."""
    return goods_line(place).stock


@factory("funds.statement")
def statement(place: Place) -> Statement:
    """A published account."""
    desk = books(place)
    return publish(fund=desk.fund, by=desk.chief)


# --- covenants and points ---------------------------------------------------------------------------------------


@factory("covenants.adoption")
def adoption(place: Place) -> models.Model:
    """A covenant that opinions are asked for."""
    return make_adoption(place, f"{place.name}第{number()}份村规民约")


@factory("points.household")
def household(place: Place) -> models.Model:
    """A household."""
    return make_household(place, make_user(), head=f"户主{number()}")


@factory("points.item")
def points_item(place: Place) -> models.Model:
    """An item."""
    return make_item(place, f"清洁日{number()}", 2)


@factory("points.rules")
def points_rules(place: Place) -> models.Model:
    """A village's rules, of which it has one set."""
    return Rules.objects.get_or_create(place=place)[0]


@factory("points.claim")
def claim(place: Place) -> models.Model:
    """A claim that waits for its first check."""
    return make_claim(household(place), points_item(place), make_user())


@factory("points.ledgerline")
def points_line(place: Place) -> models.Model:
    """A line of the ledger."""
    return make_line(household(place), points_item(place), make_user())


@factory("points.reward")
def reward(place: Place) -> models.Model:
    """Something in the store."""
    return make_reward(place, make_user(), price=1, stock=5, name=f"毛巾{number()}")


@factory("points.redemption")
def redemption(place: Place) -> models.Model:
    """A redemption that waits to be fetched."""
    line = points_line(place)
    return make_redemption(line.household, reward(place), make_user())


@factory("points.honour")
def honour(place: Place) -> models.Model:
    """An honour that is open."""
    return Honour.objects.create(place=place, name=f"好邻居{number()}", season="2026年")
