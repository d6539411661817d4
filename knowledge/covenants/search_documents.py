"""Covenants as the search sees them."""

from django.utils.translation import gettext_lazy as _

from knowledge.covenants.models import CovenantPage
from search.documents import Document, register
from search.pages import PageSource


class CovenantSource(PageSource):
    """Covenants, found by what their clauses say."""

    name = "covenant"
    label = _("村规民约")
    model = CovenantPage
    order = 60

    def document(self, obj: CovenantPage) -> Document:
        preamble = obj.shown_preamble
        clauses = [f"{clause.label} {clause.text}" for chapter in obj.shown_chapters for clause in chapter.clauses]
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=obj.title,
            url=obj.get_url() or "",
            body="\n".join(filter(None, [preamble, *clauses, obj.procedure])),
            summary=obj.summary,
            place=obj.village,
            date=obj.adopted_on,
            suggest=(obj.title,),
            label=obj.village,
        )


register(CovenantSource())
