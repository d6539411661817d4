"""What laws are called: how titles are compared, and the short names that follow from a title.

A statute is usually called by its title without 中华人民共和国. A judicial interpretation has a title of forty
characters, and people call it by its subject: 民间借贷司法解释. Both follow from the title by rule; abbreviations that
do not (道交法) are in data/names.tsv.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from search.analysis import fold

STATE = "中华人民共和国"
CURATED_NAMES = Path(__file__).parent / "data" / "names.tsv"

_NOT_WORD = re.compile(r"[\W_]+")
_TRIAL = re.compile(r"[(（]\s*(?:试行|暂行|试 行)\s*[)）]")
_ISSUER = re.compile(r"^(?:(?:最高人民法院|最高人民检察院|公安部|司法部|国家安全部|民政部|国务院)[、\s和]*)+(?=关于)")
_ORDINAL = r"(?P<ordinal>(?:[(（][一二三四五六七八九十]+[)）])?)"
_ON_CODE_BOOK = re.compile(
    rf"^关于适用《(?P<law>[^》]+)》(?:有关)?(?P<subject>[^《》]+?)(?:的|若干问题的)*解释{_ORDINAL}$"
)
_ON_LAW = re.compile(rf"^关于适用《(?P<law>[^》]+)》(?:若干问题)?的?解释{_ORDINAL}$")
_ON_CASES = re.compile(
    r"^关于(?:审理|办理|处理)?(?:涉及|涉)?(?P<subject>.+?)(?:纠纷|刑事|民事|行政)*(?:案件)?"
    rf"(?:具体)?(?:适用|应用)?(?:法律)?(?:若干|有关)?(?:问题)?的(?:若干)?(?P<form>解释|规定){_ORDINAL}$"
)


def name_key(name: str) -> str:
    """A name as it is compared: folded, without punctuation and spaces, without 中华人民共和国.

    《中华人民共和国民法典》, 民法典 and 民 法 典 have one key.
    """
    return _NOT_WORD.sub("", fold(name)).replace(fold(STATE), "")


def title_key(title: str) -> str:
    """A title as it is compared: two texts whose titles have the same key are editions of one law.

    Beside what `name_key` leaves out, （试行） is: the rules that replace a trial edition drop the word.
    """
    return name_key(without_trial(title))


def without_trial(title: str) -> str:
    """The title without （试行）."""
    return _TRIAL.sub("", title)


def without_issuer(title: str) -> str:
    """The title of an interpretation without the courts and offices that issued it: 关于审理…."""
    return _ISSUER.sub("", title.strip())


def usual_name(title: str) -> str:
    """The title without 中华人民共和国 and doubled spaces: what headings and citations use."""
    return re.sub(r"\s+", " ", title.replace(STATE, "")).strip()


def generated_names(title: str) -> list[str]:
    """The short names that follow from a title, the best first; empty for a title that is short already."""
    usual = usual_name(title)
    names = [usual] if usual != title else []
    if (plain := without_trial(usual)) != usual:
        names.append(plain)
    stripped = without_issuer(plain)
    if stripped != plain:
        names += [*(_interpretation_names(stripped) if "最高人民" in plain else []), stripped]
    return list(dict.fromkeys(names))


def _interpretation_names(title: str) -> list[str]:
    if match := _ON_LAW.match(title):
        law, ordinal = match["law"], match["ordinal"]
        return [f"{law}司法解释{ordinal}", f"{law}解释{ordinal}"]
    if match := _ON_CODE_BOOK.match(title):
        law, subject, ordinal = match["law"], match["subject"], match["ordinal"]
        subjects = [subject, f"{law}{subject}"]
        return [f"{subject}{form}{ordinal}" for subject in subjects for form in ("司法解释", "解释")]
    if match := _ON_CASES.match(title):
        subject, form, ordinal = match["subject"], match["form"], match["ordinal"]
        if "《" not in subject and 2 <= len(subject) <= 16:
            return [f"{subject}司法解释{ordinal}", f"{subject}{form}{ordinal}"]
    return []


def without_ordinal(name: str) -> str:
    """A name without the （一） at its end."""
    return re.sub(rf"{_ORDINAL}$", "", name)


def unique_names(titles: Iterable[str]) -> dict[str, list[str]]:
    """The generated names of many titles: a name that would mean two laws is given to neither.

    Where only one of a series is there, it is also called without its ordinal: 婚姻家庭编解释 for …解释（一）.
    """
    proposed = {title: generated_names(title) for title in titles}
    for names in proposed.values():
        names += [short for name in names if (short := without_ordinal(name)) != name]
    claims = Counter(key for title, names in proposed.items() for key in {name_key(n) for n in [title, *names]})
    return {
        title: [name for name in dict.fromkeys(names) if claims[name_key(name)] == 1]
        for title, names in proposed.items()
    }


@cache
def curated_names() -> list[tuple[str, str]]:
    """(name, title or usual name of the law) of data/names.tsv."""
    lines = CURATED_NAMES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return [(name, law) for name, law in rows]
