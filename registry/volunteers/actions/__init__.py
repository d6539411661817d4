"""All that can be done with volunteers, activities, hours and certificates; each in one transaction, by somebody."""

from registry.volunteers.actions.activities import (
    cancel_activity,
    cancel_shift,
    change_activity,
    change_shift,
    create_activity,
    open_shift,
    publish_activity,
)
from registry.volunteers.actions.certificates import (
    issue_certificate,
    refuse_certificate,
    request_certificate,
    revoke_certificate,
)
from registry.volunteers.actions.hour_books import HourBook
from registry.volunteers.actions.hours import (
    confirm_hours,
    correct_hours,
    object_to_hours,
    record_hours,
    record_shift,
    retract_objection,
    rule_on_hours,
    uphold_hours,
)
from registry.volunteers.actions.people import Guardian, change_volunteer, claim_volunteer, register_volunteer, reveal
from registry.volunteers.actions.signups import check_in, enrol, sign_up, withdraw
from registry.volunteers.actions.teams import change_team, create_team, join_team, leave_team

__all__ = [
    "Guardian",
    "HourBook",
    "cancel_activity",
    "cancel_shift",
    "change_activity",
    "change_shift",
    "change_team",
    "change_volunteer",
    "check_in",
    "claim_volunteer",
    "confirm_hours",
    "correct_hours",
    "create_activity",
    "create_team",
    "enrol",
    "issue_certificate",
    "join_team",
    "leave_team",
    "object_to_hours",
    "open_shift",
    "publish_activity",
    "record_hours",
    "record_shift",
    "refuse_certificate",
    "register_volunteer",
    "request_certificate",
    "retract_objection",
    "reveal",
    "revoke_certificate",
    "rule_on_hours",
    "sign_up",
    "uphold_hours",
    "withdraw",
]
