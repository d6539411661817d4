"""What of the laws is searchable: each article in force by itself, and each law as a whole."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from search.documents import Document, Resolution, Source, register, register_resolver

from . import lookup
from .models import Article, Division, Edition, Law, LawKind

ARTICLE_PRIORS = {
    LawKind.CONSTITUTION: 1.1,
    LawKind.STATUTE: 1.2,
    LawKind.INTERPRETATION: 1.05,
    LawKind.REGULATION: 1.0,
    LawKind.RULE: 1.0,
}
"""How much likelier an article of this rank answers a question than another with the same words. Measured on real
questions: most are answered by a statute, and after that by the interpretation that goes into details."""
MAX_LAW_BODY = 20_000
"""Characters of a law's preamble and opening that its own document holds; the articles are found by themselves."""


class ArticleSource(Source):
    """The pieces of laws in force."""

    name = "article"
    label = _("法条")
    model = Article
    order = 60

    def queryset(self) -> QuerySet[Article]:
        return Article.objects.searchable().with_place().order_by("pk")

    def document(self, obj: Article) -> Document:
        law = obj.edition.law
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=f"{law.short_title} {obj.label}",
            label=f"{law.short_title} {obj.label}",
            url=obj.get_absolute_url(),
            body=obj.text,
            heading=" ".join([law.short_title, *(obj.division.path_headings if obj.division else [])]),
            law_kind=str(law.get_kind_display()),
            law=law.slug,
            date=_known_since(obj.edition),
            prior=ARTICLE_PRIORS.get(law.kind, 1.0),
        )

    def documents(self, pks: Iterable[int] | None = None) -> Iterator[Document]:
        """All documents; for the whole, law by law, so that each law and heading is fetched once."""
        if pks is not None:
            yield from super().documents(pks)
            return
        editions = {edition.pk: edition for edition in Edition.objects.current().select_related("law")}
        divisions = Division.objects.filter(edition__is_current=True).in_bulk()
        for article in Article.objects.searchable().order_by("edition", "position").iterator(chunk_size=2000):
            article.edition = editions[article.edition_id]
            article.division = divisions.get(article.division_id)
            yield self.document(article)


class LawSource(Source):
    """Laws as wholes: found by any of their names, and by what stands before the first article."""

    name = "law"
    label = _("法律法规")
    model = Law
    order = 50

    def queryset(self) -> QuerySet[Law]:
        current = Edition.objects.current().prefetch_related("divisions")
        preambles = Article.objects.filter(edition__is_current=True, kind=Article.Kind.PREAMBLE).order_by("position")
        return Law.objects.order_by("pk").prefetch_related(
            "names",
            Prefetch("editions", current, to_attr="current_editions"),
            Prefetch("current_editions__articles", preambles, to_attr="preambles"),
        )

    def document(self, obj: Law) -> Document:
        edition = obj.current_editions[0] if obj.current_editions else None
        preambles = [article.text for article in edition.preambles] if edition else []
        names = tuple(name.name for name in obj.names.all() if name.name != obj.short_title)
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=obj.short_title,
            label=str(obj.get_kind_display()),
            url=obj.get_absolute_url(),
            body="\n".join(preambles)[:MAX_LAW_BODY],
            heading=" ".join(division.heading for division in edition.divisions.all())[:2000] if edition else "",
            names=names,
            summary="；".join(division.heading for division in edition.divisions.all() if division.depth == 1)[:200]
            if edition
            else "",
            law_kind=str(obj.get_kind_display()),
            date=_known_since(edition) if edition else None,
            suggest=(obj.short_title, *(name for name in names if len(name) <= 20)),
        )


def _known_since(edition: Edition) -> date | None:
    return edition.effective_on or edition.published_on


register(ArticleSource())
register(LawSource())


def resolve(text: str) -> Resolution | None:
    """Where a typed citation leads: 民法典1079条 to the article; an unknown one to a message with what is nearest."""
    typed = lookup.read(text)
    if typed is None:
        return None
    law = lookup.find_law(typed.name)
    if law is None:
        return _unknown_law(typed) if typed.is_explicit else None
    article = Article.objects.at(law, typed.number, typed.sub).select_related("edition__law").first()
    if article is not None:
        place = f"#kuan-{typed.paragraph}" if typed.paragraph else ""
        return Resolution(url=f"{article.get_absolute_url()}{place}")
    if not typed.is_explicit:
        return None  # 劳动法 2024 is more likely a year
    current = law.editions.current().get()
    return Resolution(
        message=gettext("%(law)s没有%(label)s。") % {"law": law.quoted_title, "label": typed.label},
        nearest=tuple(
            (near.citation, near.get_absolute_url()) for near in lookup.nearest_articles(current, typed.number)
        ),
    )


def _unknown_law(typed: lookup.Typed) -> Resolution | None:
    nearest = lookup.nearest_laws(typed.name)
    if not nearest:
        return None
    return Resolution(
        message=gettext("没有找到叫“%(name)s”的法律。") % {"name": typed.name},
        nearest=tuple((law.quoted_title, law.get_absolute_url()) for law in nearest),
    )


register_resolver(resolve)
