"""What the roles at a place may do with volunteers, activities, hours and certificates."""

from django.db.models import Model

from accounts.roles import OFFICIALS, READERS, Role, grant, grant_model
from registry.volunteers import models

model: type[Model]
for model in (models.Volunteer, models.Team, models.Activity, models.Shift):
    grant_model(model, view=READERS, add=OFFICIALS, change=OFFICIALS)
for model in (models.Membership, models.SignUp):
    grant_model(model, view=READERS, change=OFFICIALS)
for model in (models.HourLine, models.Decision, models.Certificate):
    grant_model(model, view=READERS)
grant_model(models.VolunteerRules, view=READERS, add=[Role.TOWNSHIP_OFFICIAL], change=[Role.TOWNSHIP_OFFICIAL])

grant("volunteers.record_hourline", *OFFICIALS)
grant("volunteers.rule_hourline", *OFFICIALS)
grant("volunteers.issue_certificate", *OFFICIALS)
# Numbers in full: only for those who check papers, and every look is on record.
grant("volunteers.reveal_volunteer", Role.TOWNSHIP_OFFICIAL)
