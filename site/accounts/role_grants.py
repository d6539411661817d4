"""Whoever holds a role may enter the back office; what stands there for them, each app says for itself."""

from accounts.models import AuditLine
from accounts.roles import READERS, Role, grant, grant_model
from registry.places.models import Place

grant("wagtailadmin.access_admin", *Role.values)
grant_model(Place, view=READERS)
grant_model(AuditLine, view=(Role.TOWNSHIP_OFFICIAL, Role.COUNTY_AUDITOR))
