"""Funds, their books of money and goods, and what they disclose."""

from .choices import (
    AGAINST,
    DEBIT_ACCOUNTS,
    DONATION_KINDS,
    GOODS_KINDS,
    GOODS_OUT,
    GRANT_KINDS,
    MONEY_ACCOUNTS,
    MONEY_KINDS,
    Account,
    DonorKind,
    FundKind,
    Kind,
    ReceiptStatus,
    RecipientKind,
    Status,
)
from .donations import Donation
from .funds import MONEY, Balance, Fund
from .goods import GoodsLine, Stock
from .ledger import Entry
from .statements import Correction, Statement
from .vouchers import Evidence, Voucher

__all__ = [
    "AGAINST",
    "DEBIT_ACCOUNTS",
    "DONATION_KINDS",
    "GOODS_KINDS",
    "GOODS_OUT",
    "GRANT_KINDS",
    "MONEY",
    "MONEY_ACCOUNTS",
    "MONEY_KINDS",
    "Account",
    "Balance",
    "Correction",
    "Donation",
    "DonorKind",
    "Entry",
    "Evidence",
    "Fund",
    "FundKind",
    "GoodsLine",
    "Kind",
    "ReceiptStatus",
    "RecipientKind",
    "Statement",
    "Status",
    "Stock",
    "Voucher",
]
