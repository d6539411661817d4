"""Covenants: their pages, their clauses, how they were adopted, what reviewers look for."""

from .adoptions import Adoption, CovenantText, Paper, Step, digest_of
from .clauses import Chapter, Cite, Clause, freeze
from .pages import CovenantIndexPage, CovenantPage
from .patterns import WordPattern

__all__ = [
    "Adoption",
    "Chapter",
    "Cite",
    "Clause",
    "CovenantIndexPage",
    "CovenantPage",
    "CovenantText",
    "Paper",
    "Step",
    "WordPattern",
    "digest_of",
    "freeze",
]
