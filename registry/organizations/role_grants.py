"""What the roles at a place may do with the register of organizations."""

from accounts.roles import OFFICIALS, READERS, Role, grant, grant_model
from registry.organizations.models import (
    AnnualReport,
    CountySettings,
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

for read in (Organization, Filing, Founder, Member, FilingFile, Submission, Decision, Manager):
    grant_model(read, view=READERS)

# Village officials know the organizations best: they keep what helps them grow. Decisions are the township's.
for kept in (Nurture, Support, Service):
    grant_model(kept, view=READERS, add=OFFICIALS, change=OFFICIALS)
for township in (PurchasedService, CountySettings, OrganizationKind):
    grant_model(township, view=READERS, add=[Role.TOWNSHIP_OFFICIAL], change=[Role.TOWNSHIP_OFFICIAL])
grant_model(AnnualReport, view=READERS, change=[Role.TOWNSHIP_OFFICIAL])

grant("organizations.review_filing", Role.TOWNSHIP_OFFICIAL)
grant("organizations.deregister_organization", Role.TOWNSHIP_OFFICIAL)
