"""Whoever holds a role may enter the back office; what stands there for them, each app says for itself."""

from accounts.models import Appointment, AuditLine
from accounts.roles import READERS, Role, grant, grant_model
from registry.places.models import Place

grant("wagtailadmin.access_admin", *Role.values)
grant("accounts.edit_pages", Role.EDITOR)
grant_model(
    Place,
    view=(*READERS, Role.EDITOR),
    add=(Role.TOWNSHIP_OFFICIAL,),
    change=(Role.VILLAGE_OFFICIAL, Role.TOWNSHIP_OFFICIAL),
    delete=(Role.TOWNSHIP_OFFICIAL,),
)
grant_model(
    Appointment,
    view=(Role.TOWNSHIP_OFFICIAL, Role.COUNTY_AUDITOR),
    add=(Role.TOWNSHIP_OFFICIAL,),
    change=(Role.TOWNSHIP_OFFICIAL,),
    delete=(Role.TOWNSHIP_OFFICIAL,),
)
grant_model(AuditLine, view=(Role.TOWNSHIP_OFFICIAL, Role.COUNTY_AUDITOR))
