"""Filings and organizations for tests, made by the actions that make them in life."""

import itertools
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from registry.organizations import actions
from registry.organizations.choices import FieldOfWork, FileKind, LegalForm, PremisesRight
from registry.organizations.models import Filing, Founder, Member, Organization, OrganizationKind
from registry.places.models import Kind, Place

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

_numbers = itertools.count(1)


def a_kind(place: Place) -> OrganizationKind:
    """The first kind of the county that holds the place; the county is opened for filing."""
    county = place.above(Kind.COUNTY) or place
    actions.open_county(county=county, by=None)
    found: OrganizationKind = OrganizationKind.objects.filter(county=county).first()
    return found


def particulars(place: Place, **changes: Any) -> dict[str, Any]:
    """All that a filing says, by column."""
    return {
        "name": f"舞龙队{next(_numbers)}",
        "form": LegalForm.COMMUNITY,
        "credit_code": "",
        "kind": a_kind(place),
        "field_of_work": FieldOfWork.CULTURE,
        "place": place,
        "aims": "教孩子舞龙。",
        "head_name": "张𠅤",
        "head_phone": "13800001234",
        "head_public": True,
        "contact_phone": "0570-5123456",
        "contact_email": "",
        "premises": "村文化礼堂",
        "premises_right": PremisesRight.PROVIDED,
    } | changes


def people(model: Any, count: int) -> list[Any]:
    """So many founders or members."""
    return [model(name=f"李{n}娃", phone=f"1390000{n:04}", duty="会员") for n in range(count)]


def a_draft(
    place: Place, by: User, *, founders: int = 2, members: int = 10, charter: bool = True, **changes: Any
) -> Filing:
    """A draft with everything in it, unless told otherwise."""
    filing = actions.start_filing(values=particulars(place, **changes), by=by)
    if founders:
        actions.set_people(filing=filing, model=Founder, people=people(Founder, founders), by=by)
    if members:
        actions.set_people(filing=filing, model=Member, people=people(Member, members), by=by)
    if charter:
        upload = SimpleUploadedFile("章程.pdf", PDF + str(filing.pk).encode(), "application/pdf")
        actions.add_file(filing=filing, kind=FileKind.CHARTER, upload=upload, by=by)
    return filing


def a_submitted(place: Place, by: User, **changes: Any) -> Filing:
    """A filing that waits for its opinion."""
    filing = a_draft(place, by, **changes)
    actions.submit(filing=filing, by=by)
    filing.refresh_from_db()
    return filing


def an_organization(place: Place, by: User | None = None, **changes: Any) -> Organization:
    """An organization in the register, managed by its applicant."""
    applicant = by or User.objects.create_user(f"applicant{next(_numbers)}", f"a{next(_numbers)}@example.org")
    filing = a_submitted(place, applicant, **changes)
    return actions.approve_filing(filing=filing, by=applicant)
