"""What the roles at a place may do with the register of organizations."""

from accounts.roles import OFFICIALS, READERS, Role, grant, grant_model
from registry.organizations import models

for model in (models.Organization, models.Filing):
    grant_model(model, view=READERS)
for model in (models.Founder, models.Member, models.FilingFile, models.Submission, models.Decision, models.Manager):
    grant_model(model, view=READERS)

# Village officials know the organizations best: they keep what helps them grow. Decisions are the township's.
for model in (models.Nurture, models.Support, models.Service):
    grant_model(model, view=READERS, add=OFFICIALS, change=OFFICIALS)
for model in (models.PurchasedService, models.CountySettings, models.OrganizationKind):
    grant_model(model, view=READERS, add=[Role.TOWNSHIP_OFFICIAL], change=[Role.TOWNSHIP_OFFICIAL])
grant_model(models.AnnualReport, view=READERS, change=[Role.TOWNSHIP_OFFICIAL])

grant("organizations.review_filing", Role.TOWNSHIP_OFFICIAL)
grant("organizations.deregister_organization", Role.TOWNSHIP_OFFICIAL)
