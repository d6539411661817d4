"""What of the laws is searchable: each article in force by itself, and each law as a whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import log1p
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from search.documents import Document, Facet, Resolution, Source, register, register_facet, register_resolver

from . import lookup
from .models import Article, Division, Edition, Law, LawKind, Reference

HIGHER_LAW = 1.1
"""How much likelier an article of a law or of a judicial interpretation answers a question than one of a regulation or
rule with the same words. This and the two below were measured on real questions (docs/measurements.md)."""
PER_CITING_LAW = 0.1
"""Times the logarithm of the number of other laws that cite the law: what others build on is what people ask about."""
PER_TWENTY_YEARS = 0.15
"""A newer text is likelier to say what holds today: counted from the year 2000, from ten years before to 25 after."""
MAX_LAW_BODY = 20_000
"""Characters of a law's preamble and opening that its own document holds; the articles are found by themselves."""


class ArticleSource(Source):
    """The pieces of laws in force."""

    name = "article"
    label = _("法条")
    model = Article
    order = 60

    def queryset(self) -> QuerySet[Article]:
        return Article.objects.searchable().with_place().annotate(citing_laws=_citing_laws()).order_by("pk")

    def document(self, obj: Any) -> Document:
        return self._document(obj, obj.citing_laws)

    def _document(self, obj: Article, citing_laws: int) -> Document:
        law = obj.edition.law
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=f"{law.short_title} {obj.label}",
            label=f"{law.short_title} {obj.label}",
            url=obj.get_absolute_url(),
            body=obj.text,
            heading=" ".join([law.short_title, *(obj.division.path_headings if obj.division else [])]),
            law_kind=law.kind,
            law=law.slug,
            date=_known_since(obj.edition),
            prior=article_prior(law.kind, citing_laws, _known_since(obj.edition)),
        )

    def documents(self, pks: Iterable[int] | None = None) -> Iterator[Document]:
        """All documents; for the whole, law by law, so that each law and heading is fetched once."""
        if pks is not None:
            yield from super().documents(pks)
            return
        editions = {edition.pk: edition for edition in Edition.objects.current().select_related("law")}
        divisions = Division.objects.filter(edition__is_current=True).in_bulk()
        citing = dict(Law.objects.annotate(citing_laws=_citing_laws("pk")).values_list("pk", "citing_laws"))
        for article in Article.objects.searchable().order_by("edition", "position").iterator(chunk_size=2000):
            article.edition = editions[article.edition_id]
            article.division = divisions.get(article.division_id)
            yield self._document(article, citing[article.edition.law_id])

    def locate(self, references: Sequence[Mapping[str, str]]) -> list[int | None]:
        """The articles named by the file that they were read from and their number as it is written there."""
        pairs = [(reference["file"], reference["article"]) for reference in references]
        known = Article.objects.searchable().by_sources(pairs)
        return [known.get(pair) for pair in pairs]


def article_prior(kind: str, citing_laws: int, since: date | None) -> float:
    """How likely an article answers, beside another with the same words: by its law's rank, standing and age."""
    rank = HIGHER_LAW if kind in {LawKind.CONSTITUTION, LawKind.STATUTE, LawKind.INTERPRETATION} else 1.0
    years = min(max((since.year if since else 2010) - 2000, -10), 25)
    return rank * (1 + PER_CITING_LAW * log1p(citing_laws)) * (1 + PER_TWENTY_YEARS * years / 20)


def _citing_laws(law: str = "edition__law_id") -> Coalesce:
    """The number of other laws that cite the law whose primary key is in this column."""
    citations = Reference.objects.filter(law=OuterRef(law)).exclude(article__edition__law=OuterRef(law))
    counted = citations.order_by().values("law").annotate(n=Count("article__edition__law", distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


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

    def document(self, obj: Any) -> Document:
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
            law_kind=obj.kind,
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

# In documents and addresses a kind is its code, whatever language the process that indexes speaks.
register_facet("law_kinds", Facet(labels=lambda: dict(LawKind.choices)))
