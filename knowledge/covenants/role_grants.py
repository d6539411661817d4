"""What the roles may do with covenants: villages enter what they did, the township reviews and files."""

from accounts.roles import OFFICIALS, READERS, Role, grant_model

from .models import Adoption, CovenantText, Paper, Step

grant_model(Adoption, view=READERS, add=OFFICIALS, change=OFFICIALS, review=(Role.TOWNSHIP_OFFICIAL,))
for _model in (Step, Paper, CovenantText):
    grant_model(_model, view=READERS)
