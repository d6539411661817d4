"""The addresses below a covenant: its versions, and any two of them compared."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from .comparison import compare

if TYPE_CHECKING:
    from .models import Adoption


class VersionRoutes(RoutablePageMixin):
    """Versions of a covenant: only texts that were or are in force, and the draft that is being discussed."""

    @path("")
    def current(self, request: HttpRequest) -> HttpResponse:
        """The covenant."""
        return self.render(request)

    @path("versions/")
    def versions(self, request: HttpRequest) -> HttpResponse:
        """All versions, and how each came to be."""
        return self._page(request, "versions", _("历次版本"), adoptions=self.public_adoptions())

    @path("versions/<int:number>/")
    def version(self, request: HttpRequest, number: int) -> HttpResponse:
        """One version."""
        adoption = self._adoption(number)
        return self._page(request, "version", _("第 %(n)d 版") % {"n": number}, adoption=adoption)

    @path("compare/")
    def choose(self, request: HttpRequest) -> HttpResponse:
        """From the form to the address of a comparison."""
        chosen = [value for name in ("from", "to") if (value := request.GET.get(name, "")).isdecimal()]
        if len(chosen) != 2:
            raise Http404
        return redirect(f"{self.get_url(request)}compare/{int(chosen[0])}/{int(chosen[1])}/")

    @path("compare/<int:old>/<int:new>/")
    def comparison(self, request: HttpRequest, old: int, new: int) -> HttpResponse:
        """Two versions side by side."""
        before, after = self._adoption(old), self._adoption(new)
        assert before.text is not None
        assert after.text is not None
        rows = compare(before.text, after.text)
        return self._page(request, "comparison", _("版本对照"), old=before, new=after, rows=rows)

    def public_adoptions(self) -> "list[Adoption]":
        """What the public may read, the newest first: texts that are or were in force, and a draft under way."""
        adoptions = self.adoptions.exclude(text=None).exclude(state="rejected").select_related("text")
        return list(adoptions.prefetch_related("steps").order_by("-number"))

    def _adoption(self, number: int) -> "Adoption":
        found = next((one for one in self.public_adoptions() if one.number == number), None)
        if found is None:
            raise Http404
        return found

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        own = (self.title, self.get_url(request))
        trail = [*self.trail(request), own, (title, "")]
        context |= {"subtitle": title, "breadcrumbs": trail}
        return self.render(request, context_overrides=context, template=f"covenants/{name}.html")
