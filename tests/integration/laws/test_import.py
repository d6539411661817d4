from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from knowledge.laws import actions
from knowledge.laws.importers import NotALawFolderError, read_folder
from knowledge.laws.models import Article, Division, Edition, Law, LawName, Reference, SourceFile
from search.models import OutboxEntry

from .conftest import LAW, statute

pytestmark = pytest.mark.django_db

CORRIDOR = "行政法/楼道管理法(2023-12-29).md"


def test_laws_editions_and_pieces_are_counted(corpus):
    report = actions.import_folder(path=corpus, index=False)
    assert (report.files, report.navigation_files, report.books, report.copies, report.refused) == (7, 1, 1, 1, 0)
    assert (report.laws, report.editions, report.older_editions) == (4, 5, 1)
    assert report.pieces == {"article": 9, "section": 2, "preamble": 2}
    assert report.editions_created == 5
    assert Law.objects.count() == 4


def test_a_code_in_books_is_one_law(laws):
    code = laws["邻里法典"].editions.get()
    assert [d.heading for d in code.divisions.filter(depth=1)] == ["第一编 总则", "第二编 楼道"]
    assert list(code.articles.values_list("key", flat=True)) == ["1", "2", "3"]
    third = code.articles.get(key="3")
    assert third.division.path_headings == ["第二编 楼道", "第一章 一般规定"]
    assert third.division.key == "bian2-zhang1"
    assert SourceFile.objects.filter(edition=code).count() == 2


def test_the_newest_edition_is_current_and_the_older_one_says_what_replaced_it(laws):
    old, new = laws["楼道管理法"].editions.order_by("published_on")
    assert (new.is_current, new.replaced_by, new.published_on) == (True, None, date(2023, 12, 29))
    assert (old.is_current, old.replaced_by) == (False, new)
    assert (old.effective_on, new.effective_on) == (date(2010, 1, 1), date(2024, 1, 1))
    assert laws["楼道管理法"].published_on == new.published_on


def test_a_second_copy_of_a_text_is_no_edition_and_its_articles_are_found_through_it(laws):
    copy = "司法解释/关于审理借伞案件适用法律若干问题的规定.md"
    law = Law.objects.named("借伞司法解释").get()
    assert law.editions.count() == 1
    article = Article.objects.by_source(copy, "第一条").get()
    assert article.edition.law == law
    assert Article.objects.by_sources([(copy, "第一条"), (copy, "第九条")]) == {(copy, "第一条"): article.pk}


def test_articles_are_traced_to_file_and_line(laws):
    article = Article.objects.by_source(CORRIDOR, "第三条之一").get()
    assert (article.number, article.sub, article.key) == (3, 1, "3-1")
    assert article.citation == "《楼道管理法》第三条之一"
    lines = statute(LAW, "").splitlines()
    assert article.line > len(lines) - 2
    assert Article.objects.by_source("民法典/楼道编.md", "第三条").get().edition.law.short_title == "邻里法典"


def test_texts_without_articles_and_preambles_are_kept(laws):
    reply = Article.objects.filter(edition__law=laws["最高人民法院关于门铃问题的批复"])
    assert list(reply.values_list("kind", "label", "text")) == [
        ("preamble", "序言", "现答复如下："),
        ("section", "一、", "可以安装。"),
        ("section", "二、", "不得对着邻居。"),
    ]


def test_a_second_run_changes_nothing(corpus, laws):
    before = list(Article.objects.values_list("pk", "text", "division").order_by("pk"))
    names = set(LawName.objects.values_list("pk", flat=True))
    report = actions.import_folder(path=corpus)
    assert not report.changed
    assert list(Article.objects.values_list("pk", "text", "division").order_by("pk")) == before
    assert set(LawName.objects.values_list("pk", flat=True)) == names
    assert not OutboxEntry.objects.exists()


def test_a_changed_file_changes_its_edition_only_and_articles_keep_their_primary_keys(corpus, laws):
    current = laws["楼道管理法"].editions.current().get()
    keys = dict(current.articles.values_list("key", "pk"))
    others = set(Edition.objects.exclude(pk=current.pk).values_list("pk", "updated_at"))
    file = corpus / CORRIDOR
    changed = file.read_text(encoding="utf-8").replace("楼道里不得堆放杂物。", "楼道里不得堆放任何物品。")
    file.write_text(changed.replace("第四条 本法自", "第五条 本法自"), encoding="utf-8")

    report = actions.import_folder(path=corpus)

    assert (report.editions_created, report.editions_changed) == (0, 1)
    now = dict(current.articles.values_list("key", "pk"))
    assert set(now) == {"1", "2", "3", "3-1", "5"}
    assert all(now[key] == keys[key] for key in ("1", "2", "3", "3-1"))
    assert "任何物品" in Article.objects.get(pk=keys["2"]).text
    assert set(Edition.objects.exclude(pk=current.pk).values_list("pk", "updated_at")) == others
    recorded = set(OutboxEntry.objects.filter(source="article").values_list("object_pk", flat=True))
    assert {keys["2"], keys["4"], now["5"]} <= recorded
    assert set(OutboxEntry.objects.filter(source="law").values_list("object_pk", flat=True)) == {current.law_id}


def test_a_new_edition_replaces_the_current_one_and_both_are_indexed_anew(corpus, laws):
    law = laws["楼道管理法"]
    was = law.editions.current().get()
    slug = law.slug
    text = statute(LAW, "第一条 楼道归大家。", history="2025年5月5日 修订")
    (corpus / "行政法/楼道管理法(2025-05-05).md").write_text(text, encoding="utf-8")
    actions.import_folder(path=corpus)
    was.refresh_from_db()
    law.refresh_from_db()
    now = law.editions.current().get()
    assert (was.is_current, was.replaced_by, now.published_on) == (False, now, date(2025, 5, 5))
    assert (law.slug, law.published_on) == (slug, date(2025, 5, 5))
    recorded = set(OutboxEntry.objects.filter(source="article").values_list("object_pk", flat=True))
    assert set(Article.objects.filter(edition__in=[was, now]).values_list("pk", flat=True)) <= recorded


def test_a_file_that_disappeared_is_told_and_its_text_is_kept(corpus, laws):
    (corpus / "民法典/楼道编.md").unlink()
    (corpus / "行政法/楼道管理法(2010-01-01).md").unlink()
    report = actions.import_folder(path=corpus, index=False)
    assert report.missing == ["民法典/楼道编.md", "行政法/楼道管理法(2010-01-01).md"]
    assert laws["邻里法典"].editions.get().articles.filter(key="3").exists()
    assert laws["楼道管理法"].editions.count() == 2


def test_a_file_under_another_title_takes_its_old_edition_along(corpus, laws):
    reply = laws["最高人民法院关于门铃问题的批复"]
    file = corpus / "司法解释/最高人民法院关于门铃问题的批复.md"
    file.write_text(file.read_text(encoding="utf-8").replace("门铃", "门镜"), encoding="utf-8")
    report = actions.import_folder(path=corpus, index=False)
    assert len(report.editions_withdrawn) == 1
    assert not Law.objects.filter(pk=reply.pk).exists()
    assert Law.objects.named("最高人民法院关于门镜问题的批复").exists()


def test_an_import_that_fails_leaves_everything_as_it_was(corpus, laws, monkeypatch):
    file = corpus / CORRIDOR
    file.write_text(file.read_text(encoding="utf-8").replace("杂物", "物品"), encoding="utf-8")
    before = set(Article.objects.values_list("pk", "text"))

    def break_down(**_):
        raise RuntimeError("disk full")

    monkeypatch.setattr(actions, "rewrite_references", break_down)
    with pytest.raises(RuntimeError):
        actions.import_folder(path=corpus, index=False)
    assert set(Article.objects.values_list("pk", "text")) == before


def test_no_index_records_nothing_and_a_normal_import_all(corpus):
    actions.import_folder(path=corpus, index=False)
    assert not OutboxEntry.objects.exists()
    Law.objects.all().delete()
    actions.import_folder(path=corpus)
    recorded = OutboxEntry.objects.values_list("source", flat=True)
    assert list(recorded).count("law") == 4
    assert list(recorded).count("article") == Article.objects.count()


def test_files_that_are_no_statutes_are_told_and_not_imported(corpus):
    (corpus / "README.md").write_text("这里是说明。", encoding="utf-8")
    (corpus / "行政法/旧码.md").write_bytes(statute("某旧码法", "第一条 甲。").encode("gb18030"))
    folder = read_folder(corpus)
    told = {remark.file: remark.message for remark in folder.remarks}
    assert "没有导入" in told["README.md"]
    assert "UTF-8" in told["行政法/旧码.md"]
    report = actions.import_folder(path=corpus, index=False)
    assert report.refused == 1
    assert Law.objects.named("某旧码法").exists()


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_without_laws_is_refused(tmp_path, exists):
    folder = tmp_path / "empty"
    if exists:
        folder.mkdir()
    with pytest.raises(NotALawFolderError):
        actions.import_folder(path=folder)


def test_references_between_articles_are_kept_by_number(laws):
    corridor = laws["楼道管理法"]
    first = Article.objects.current().get(edition__law=corridor, key="3-1")
    assert set(first.references.values_list("law__short_title", "number", "sub")) == {
        ("楼道管理法", 2, 0),
        ("楼道管理法", 3, 0),
    }
    umbrella = Reference.objects.filter(article__edition__law__title__contains="借伞")
    assert set(umbrella.values_list("law__short_title", "number", "sub")) == {
        ("邻里法典", 2, 0),
        ("邻里法典", 3, 0),
        ("楼道管理法", 3, 1),
    }
    assert not Reference.objects.filter(article__edition__is_current=False).exists()


def test_the_database_refuses_two_current_editions_and_wrong_numbers(laws):
    law = laws["楼道管理法"]
    with pytest.raises(IntegrityError), transaction.atomic():
        law.editions.filter(is_current=False).update(is_current=True, replaced_by=None)
    current = law.editions.current().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.create(edition=current, key="9", kind="article", number=None, label="第九条", position=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.create(edition=current, key="2", kind="article", number=2, label="第二条", position=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        Division.objects.create(edition=current, position=0, key="x", path="x")
    current.replaced_by = current
    with pytest.raises(IntegrityError), transaction.atomic():
        current.save()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_laws", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_tells_what_it_did_and_that_a_second_run_changed_nothing(corpus, tmp_path):
    first = run(str(corpus), "--no-index", "--report", str(tmp_path / "report.txt"))
    assert "法律 4 部，旧文本 1 份" in first
    assert "新增文本 5 份" in first
    assert "同一文本" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert "没有变化" in run(str(corpus))


def test_the_command_refuses_a_folder_that_is_not_there():
    with pytest.raises(CommandError, match="没有这个文件夹"):
        run("/no/such/folder")


def test_the_command_reads_a_git_repository_and_tells_when_it_cannot(corpus, tmp_path, settings):
    import subprocess

    settings.DATA_DIR = tmp_path / "data"
    git = ["git", "-C", str(corpus), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "laws"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    address = f"file://{corpus}"
    assert "法律 4 部" in run(address, "--no-index")
    assert "没有变化" in run(address, "--no-index")
    with pytest.raises(CommandError, match="取不到法律文本仓库"):
        run(f"file://{tmp_path}/nowhere")
