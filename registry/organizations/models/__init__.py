"""The register of organizations: who they are, how they were put on file, what they offer and what helped them."""

from registry.organizations.models.contracts import PurchasedService
from registry.organizations.models.filings import Decision, Filing, Submission
from registry.organizations.models.nurture import Nurture, Support
from registry.organizations.models.people import FilingFile, Founder, Member
from registry.organizations.models.register import Manager, Organization
from registry.organizations.models.reports import AnnualReport
from registry.organizations.models.rules import CountySettings, OrganizationKind
from registry.organizations.models.services import Service

__all__ = [
    "AnnualReport",
    "CountySettings",
    "Decision",
    "Filing",
    "FilingFile",
    "Founder",
    "Manager",
    "Member",
    "Nurture",
    "Organization",
    "OrganizationKind",
    "PurchasedService",
    "Service",
    "Submission",
    "Support",
]
