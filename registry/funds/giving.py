"""Grants as open data, in the shape of the 360Giving Data Standard 1.4.

Required of a package: `grants`; of a grant: id, title, description, currency, amountAwarded, awardDate,
fundingOrganization, and either recipientOrganization or recipientIndividual. Persons stand in it as a group, unnamed.
"""

import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from .models import Entry, Kind, RecipientKind, Voucher

VERSION = "1.4"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CURRENCY = "CNY"
MOST_TITLE = 80


def grants() -> "QuerySet[Entry]":
    """Every grant of money that was not reversed, the oldest first."""
    rows = Entry.objects.filter(kind=Kind.GRANT, reversed_by=None).select_related(
        "fund__manager", "fund__place", "voucher__recipient_organization__place", "voucher__recipient_place"
    )
    return rows.order_by("on", "pk")


def package() -> dict[str, Any]:
    """All grants of all funds."""
    rows = [grant(entry) for entry in grants()]
    found: dict[str, Any] = {
        "version": VERSION,
        "title": _("社区基金资助数据"),
        "publisher": {"name": settings.WAGTAIL_SITE_NAME, "website": settings.WAGTAILADMIN_BASE_URL},
        "license": LICENCE,
        "grants": rows,
    }
    if rows:
        found["issued"] = max(row["dateModified"] for row in rows)[:10]
    return found


def grant(entry: Entry) -> dict[str, Any]:
    """One grant."""
    fund = entry.fund
    return {
        "id": _identifier(f"{fund.code}-{entry.voucher.number}"),
        "title": entry.purpose[:MOST_TITLE],
        "description": entry.purpose,
        "currency": CURRENCY,
        "amountAwarded": float(entry.amount),
        "awardDate": entry.on.isoformat(),
        "dateModified": entry.posted_at.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "dataSource": urljoin(settings.WAGTAILADMIN_BASE_URL, fund.get_absolute_url()),
        "fundingOrganization": [{"id": _organization(fund.manager), "name": fund.manager.name}],
        "grantProgramme": [{"code": fund.code, "title": fund.name}],
        "beneficiaryLocation": [{"name": fund.place.name, "countryCode": "CN", "geoCode": fund.place.code}],
        **_recipient(entry.voucher),
    }


def _recipient(voucher: Voucher) -> dict[str, Any]:
    if voucher.recipient_kind == RecipientKind.ORGANIZATION:
        organization = voucher.recipient_organization
        assert organization is not None
        return {"recipientOrganization": [{"id": _organization(organization), "name": organization.name}]}
    if voucher.recipient_kind == RecipientKind.PLACE:
        place = voucher.recipient_place
        assert place is not None
        return {"recipientOrganization": [{"id": _identifier(f"place-{place.code}"), "name": place.name}]}
    return {"recipientIndividual": {"id": _identifier(f"persons-{voucher.pk}"), "name": voucher.recipient}}


def _organization(organization: Any) -> str:
    """By its unified social credit code where it has one, else by its number in the register."""
    return f"CN-USCC-{organization.credit_code}" if organization.credit_code else _identifier(organization.number)


def _identifier(local: str) -> str:
    """An identifier of our own: 360Giving gives each publisher a prefix, which GRANTS_ID_PREFIX holds."""
    return f"{settings.GRANTS_ID_PREFIX}-{local}"
