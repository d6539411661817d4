"""The real statute texts: what is said of them in the documents holds."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from knowledge.laws import actions
from knowledge.laws.importers import read_folder
from knowledge.laws.markdown import Text
from knowledge.laws.models import Article, Edition, Law
from knowledge.laws.names import curated_names
from search.documents import resolve

pytestmark = pytest.mark.laws


def shared_laws() -> Path:
    """The folder of real statutes; skips where it is not."""
    shared = Path(os.environ.get("XIANGYUE_SHARED_DATA", Path(settings.BASE_DIR).parent / "shared/data"))
    if not (shared / "laws").is_dir():
        pytest.skip("no real statute texts beside the checkout")
    return shared / "laws"


@pytest.fixture(scope="module")
def real(django_db_setup, django_db_blocker):
    """The report of an import of the real laws; they are in the database for this module only."""
    folder = shared_laws()
    with django_db_blocker.unblock():
        yield actions.import_folder(path=folder, index=False)
        Edition.objects.update(replaced_by=None)
        Law.objects.all().delete()


def lost_paragraphs(source: str, text: Text) -> list[str]:
    """The lines of a file that are found nowhere in what was read from it."""
    kept = _bare(
        "".join(
            [text.title, text.book, *text.history]
            + [heading.label + heading.title for heading in text.headings]
            + [piece.label + "".join(piece.paragraphs) for piece in text.pieces]
        )
    )
    lines = (_bare(re.sub(r"<!--.*?-->", "", line)) for line in source.splitlines())
    return [line for line in lines if line not in kept]


def _bare(line: str) -> str:
    return re.sub(r"[\W_]+", "", line).replace("笫", "第")


@pytest.mark.django_db
class TestRealLaws:
    def test_every_file_is_in_an_edition_and_the_counts_are_those_of_the_documents(self, real):
        assert (real.files, real.navigation_files) == (1510, 14)
        assert (real.laws, real.editions, real.older_editions) == (1414, 1491, 77)
        assert (real.books, real.copies, real.refused) == (7, 12, 0)
        assert real.pieces == {"article": 57975, "section": 812, "text": 53, "preamble": 425, "annex": 79}
        current = Article.objects.current()
        assert Counter(current.values_list("kind", flat=True)) == real.pieces

    def test_the_civil_code_is_one_law_of_seven_books_with_every_article_once(self, real):
        code = Law.objects.named("民法典").get()
        assert code.get_absolute_url() == "/laws/minfadian/"
        edition = code.editions.get()
        assert list(edition.articles.values_list("number", flat=True)) == list(range(1, 1261))
        books = [division.heading for division in edition.divisions.filter(depth=1)]
        assert books == [
            "第一编 总则",
            "第二编 物权",
            "第三编 合同",
            "第四编 人格权",
            "第五编 婚姻家庭",
            "第六编 继承",
            "第七编 侵权责任",
            "附则",
        ]

    @pytest.mark.parametrize(
        ("query", "url"),
        [
            ("民法典1079条", "/laws/minfadian/1079/"),
            ("民法典第1079條", "/laws/minfadian/1079/"),
            ("民法典 1079", "/laws/minfadian/1079/"),
            ("道交法76条", "/laws/daolujiaotonganquanfa/76/"),
            ("刑法133条之一", "/laws/xingfa/133-1/"),
            ("老年人权益保障法第十四条", "/laws/laonianrenquanyibaozhangfa/14/"),
            ("民间借贷司法解释25条", "/laws/minjianjiedaiguiding/25/"),
            ("婚姻家庭编解释一第三十条", "/laws/hunyinjiatingbianjieshiyi/30/"),
        ],
    )
    def test_typed_citations_go_to_the_article(self, real, query, url):
        assert resolve(query).url == url

    def test_each_curated_name_means_the_law_that_it_names(self, real):
        missing = []
        for name, title in curated_names():
            law = Law.objects.named(title).first()
            if law is None:
                missing.append(title)
            else:
                assert Law.objects.named(name).get() == law, name
        assert len(missing) <= 1

    def test_no_numbering_of_a_law_in_force_has_a_gap_or_a_repeat(self, real):
        told = [remark for remark in real.remarks if "缺条" in remark.message or remark.message.endswith("重复")]
        assert told == []
        assert not Article.objects.filter(key__contains="~").exists()

    def test_a_second_run_changes_nothing(self, real):
        assert not actions.import_folder(path=shared_laws(), index=False).changed

    def test_no_paragraph_of_any_file_is_lost(self):
        """Each paragraph of each file stands in a piece, a heading or the history of its text."""
        folder = shared_laws()
        for law in read_folder(folder).laws:
            for edition in law.editions:
                for file in [*edition.files, *edition.copies]:
                    source = (folder / file.path).read_text(encoding="utf-8")
                    assert lost_paragraphs(source, file.text) == [], file.path
