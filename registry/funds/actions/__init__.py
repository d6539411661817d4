"""What people do with funds; every write goes through one of these."""

from .donations import give_receipt, set_consent, waive_receipt
from .funds import change_fund, close_fund, open_fund
from .statements import correct, print_correction, print_statement, publish
from .vouchers import approve, change, propose, refuse, withdraw

__all__ = [
    "approve",
    "change",
    "change_fund",
    "close_fund",
    "correct",
    "give_receipt",
    "open_fund",
    "print_correction",
    "print_statement",
    "propose",
    "publish",
    "refuse",
    "set_consent",
    "waive_receipt",
    "withdraw",
]
