"""How a reader wants the pages to look: which script, which size of type.

Both choices live in cookies of their own and nowhere else, so that a page can be cached whole for each of the four
combinations: what a page shows depends on its address and on `variant(request)`.
"""

from dataclasses import dataclass

from django.http import HttpRequest

SCRIPTS = ("hans", "hant")
TYPES = ("normal", "large")
COOKIE_AGE = 365 * 24 * 60 * 60
"""Seconds that a choice is kept: one year."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """A reader's choices; the defaults are those of someone who never chose."""

    script: str = "hans"
    """hans: simplified, as written. hant: traditional, converted when the page is sent."""
    type: str = "normal"
    """The size of the type: normal or large."""

    @property
    def variant(self) -> str:
        """The choices as one short word: `hans-normal`, `hant-large`."""
        return f"{self.script}-{self.type}"


def preferences(request: HttpRequest | None) -> Preferences:
    """The reader's choices. Without a request (a page of error), and for values that are not known, the defaults."""
    cookies = request.COOKIES if request is not None else {}
    script, type_ = cookies.get("script"), cookies.get("type")
    return Preferences(
        script=script if script in SCRIPTS else "hans",
        type=type_ if type_ in TYPES else "normal",
    )


def variant(request: HttpRequest) -> str:
    """The part of a cache key that stands for the reader's choices."""
    return preferences(request).variant
