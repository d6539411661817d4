"""What was typed into the search box, taken apart: words, phrases that must stand, words that must not."""

import re
from dataclasses import dataclass

from .analysis import MAX_QUERY_CHARS, clean, fold, folded_terms, query_terms

MAX_OPERATORS = 8
"""Phrases and exclusions of one query; more are plain words."""

# A straight quotation mark is typed to search for a phrase. A Chinese one may just as well belong to the sentence
# (名为“个体工商户”实为“合伙”): it is an operator only where the phrase stands by itself.
_PHRASE = r'"([^"]+)"|＂([^＂]+)＂|(?<!\S)“([^“”]+)”(?!\S)|(?<!\S)「([^「」]+)」(?!\S)'
_EXCLUDED = r'(?<!\S)[-－−](?:"([^"]+)"|“([^“”]+)”|([^\s"“”\-－−][^\s"“”]*))'
_OPERATOR = re.compile(f"(?P<excluded>{_EXCLUDED})|(?P<phrase>{_PHRASE})")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query in its parts, each as it was written."""

    text: str
    """The whole query, cleaned and cut at MAX_QUERY_CHARS."""
    words: str = ""
    """What is left without the operators."""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    cut: bool = False
    """Whether the query was longer than is searched."""

    @property
    def terms(self) -> list[str]:
        """The terms that make the score: those of the words, then those of the phrases."""
        found = dict.fromkeys(query_terms(self.words))
        for phrase in self.phrases:
            found |= dict.fromkeys(folded_terms(fold(phrase)))
        return list(found)

    def __bool__(self) -> bool:
        return bool(self.terms)


def parse(text: str) -> ParsedQuery:
    """Take a query apart. Whatever is not a well-formed operator is plain words; nothing is refused."""
    # Cut before anything else looks at it: a hundred thousand characters cost no more than two hundred.
    cleaned = " ".join(clean(text[: MAX_QUERY_CHARS * 10]).split())
    shown = cleaned[:MAX_QUERY_CHARS]
    cut = len(cleaned) > MAX_QUERY_CHARS or len(text) > MAX_QUERY_CHARS * 10
    phrases: dict[str, None] = {}
    excluded: dict[str, None] = {}

    def take(match: re.Match[str]) -> str:
        into = excluded if match["excluded"] else phrases
        inner = next((group for group in match.groups()[1:] if group and group != match["phrase"]), "").strip()
        if folded_terms(fold(inner)) and len(phrases) + len(excluded) < MAX_OPERATORS:
            into[inner] = None
            return " "
        return match[0] if match["phrase"] else " "

    words = " ".join(_OPERATOR.sub(take, shown).split())
    parsed = ParsedQuery(shown, words, tuple(phrases), tuple(excluded), cut)
    # Nothing but exclusions asks for everything else; what was meant is rather the words.
    return parsed if parsed or not excluded else ParsedQuery(shown, shown, cut=cut)
