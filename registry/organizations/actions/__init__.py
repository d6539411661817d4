"""Every write to the register of organizations that somebody can name.

All are atomic and keyword-only, say who acts (`by`), and write the audit line. They refuse by a ValidationError, whose
dictionary, where it has one, names the fields.
"""

from registry.organizations.actions.counties import open_county, save_kind, save_settings
from registry.organizations.actions.filing import (
    add_file,
    discard_draft,
    remove_file,
    save_draft_step,
    set_people,
    start_filing,
    start_renewal,
    submit,
)
from registry.organizations.actions.growth import (
    award_contract,
    confirm_annual_report,
    evaluate_contract,
    file_annual_report,
    record_stage,
    record_support,
)
from registry.organizations.actions.register import (
    add_manager,
    deregister,
    expire_registrations,
    remind_of_renewal,
    remove_manager,
)
from registry.organizations.actions.review import approve_filing, refuse_filing, return_filing, take_into_review
from registry.organizations.actions.services import confirm_service, save_service, withdraw_service

__all__ = [
    "add_file",
    "add_manager",
    "approve_filing",
    "award_contract",
    "confirm_annual_report",
    "confirm_service",
    "deregister",
    "discard_draft",
    "evaluate_contract",
    "expire_registrations",
    "file_annual_report",
    "open_county",
    "record_stage",
    "record_support",
    "refuse_filing",
    "remind_of_renewal",
    "remove_file",
    "remove_manager",
    "return_filing",
    "save_draft_step",
    "save_kind",
    "save_service",
    "save_settings",
    "set_people",
    "start_filing",
    "start_renewal",
    "submit",
    "take_into_review",
    "withdraw_service",
]
