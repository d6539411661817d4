"""Volunteers, what they signed up for, the hours they gave, and the papers that certify them."""

from registry.volunteers.models.activities import Activity, ActivitySkill, Shift
from registry.volunteers.models.certificates import Certificate
from registry.volunteers.models.hours import Decision, HourLine
from registry.volunteers.models.people import Skill, Volunteer, VolunteerSkill
from registry.volunteers.models.rules import VolunteerRules
from registry.volunteers.models.signups import SignUp
from registry.volunteers.models.teams import Membership, Team

__all__ = [
    "Activity",
    "ActivitySkill",
    "Certificate",
    "Decision",
    "HourLine",
    "Membership",
    "Shift",
    "SignUp",
    "Skill",
    "Team",
    "Volunteer",
    "VolunteerRules",
    "VolunteerSkill",
]
