import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse

from knowledge.laws import actions
from knowledge.laws.choosers import ArticleChooserWidget
from knowledge.laws.models import Article, Law, LawName, Reference
from search.models import OutboxEntry

from .conftest import statute

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("admin", password="a long password"))
    return client


@pytest.fixture
def editor(client, django_user_model):
    user = django_user_model.objects.create_user("editor", password="a long password")
    user.user_permissions.set(
        Permission.objects.filter(
            codename__in=["access_admin", "view_law", "view_edition", "add_lawname", "change_lawname"]
        )
    )
    client.force_login(user)
    return client


class TestNames:
    def test_a_name_works_at_once_in_citations_and_texts_are_read_anew(self, corpus, laws):
        text = statute("某规定", "第一条 依照楼管法第二条办理。")
        (corpus / "行政法/某规定.md").write_text(text, encoding="utf-8")
        actions.import_folder(path=corpus, index=False)
        law = laws["楼道管理法"]
        citing = Reference.objects.filter(law=law, number=2, article__edition__law__short_title="某规定")
        assert not citing.exists()
        name = actions.save_name(name=LawName(law=law, name=" 楼管法 "))
        assert (name.name, name.origin) == ("楼管法", LawName.Origin.EDITOR)
        assert Law.objects.named("樓管法").get() == law
        assert citing.exists()
        assert OutboxEntry.objects.filter(source="law", object_pk=law.pk).exists()
        actions.delete_name(name=name)
        assert not citing.exists()

    @pytest.mark.parametrize("taken", ["邻里法典", "《中华人民共和国邻里法典》", "鄰里法典", "", "。"])
    def test_a_name_that_is_taken_or_empty_is_refused(self, laws, taken):
        with pytest.raises(ValidationError):
            actions.save_name(name=LawName(law=laws["楼道管理法"], name=taken))

    def test_an_import_leaves_the_names_of_editors_alone(self, corpus, laws):
        actions.save_name(name=LawName(law=laws["楼道管理法"], name="楼管法"))
        actions.import_folder(path=corpus, index=False)
        assert LawName.objects.get(name="楼管法").origin == LawName.Origin.EDITOR

    def test_an_editor_adds_a_name_in_the_back_office(self, editor, laws):
        law = laws["楼道管理法"]
        response = editor.post(reverse("law_names:add"), {"law": law.pk, "name": "楼管法"})
        assert response.status_code == 302
        assert Law.objects.named("楼管法").get() == law

    def test_a_taken_name_is_told_in_the_form(self, editor, laws):
        response = editor.post(reverse("law_names:add"), {"law": laws["楼道管理法"].pk, "name": "邻里法典"})
        assert response.status_code == 200
        assert "已经是《邻里法典》的名称" in response.content.decode()


class TestLooking:
    def test_laws_and_editions_are_listed_searched_and_shown(self, editor, laws):
        page = editor.get(reverse("law_index:index"), {"q": "借伞司法解释"}).content.decode()
        assert "借伞案件" in page
        assert "邻里法典" not in page.partition("<main")[2]
        law = laws["楼道管理法"]
        shown = editor.get(reverse("law_index:inspect", args=[law.pk])).content.decode()
        assert "中华人民共和国楼道管理法" in shown
        assert law.get_absolute_url() in shown
        edition = law.editions.current().get()
        assert (
            "楼道管理法(2023-12-29).md"
            in editor.get(reverse("law_editions:inspect", args=[edition.pk])).content.decode()
        )
        assert editor.get(reverse("law_editions:index")).status_code == 200

    @pytest.mark.parametrize("name", ["law_index:edit", "law_index:delete", "law_editions:edit", "law_editions:delete"])
    def test_nobody_changes_a_law_by_hand(self, admin, laws, name):
        law = laws["楼道管理法"]
        pk = law.pk if name.startswith("law_index") else law.editions.current().get().pk
        assert admin.post(reverse(name, args=[pk]), {"title": "x"}).status_code == 302
        law.refresh_from_db()
        assert law.title == "中华人民共和国楼道管理法"
        assert law.editions.count() == 2

    def test_who_has_no_permission_sees_nothing(self, client, django_user_model, laws):
        user = django_user_model.objects.create_user("clerk", password="a long password")
        user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
        client.force_login(user)
        assert client.get(reverse("law_index:index")).status_code == 302


class TestArticleChooser:
    def choose(self, client, query: str) -> list[str]:
        response = client.get(reverse("article_chooser:choose_results"), {"q": query})
        assert response.status_code == 200
        return [str(article) for article in response.context["results"]]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("楼道管理法3条之一", ["《楼道管理法》第三条", "《楼道管理法》第三条之一"]),
            ("楼道管理法 电动车", ["《楼道管理法》第二条"]),
            ("劝告 听", ["《楼道管理法》第三条之一"]),
            ("没有这样的话", []),
        ],
    )
    def test_articles_are_found_by_law_number_and_words(self, admin, laws, query, found):
        assert self.choose(admin, query) == found

    def test_a_law_by_name_lists_its_articles_and_replaced_ones_are_not_offered(self, admin, laws):
        assert len(self.choose(admin, "楼道管理法")) == 5
        assert len(self.choose(admin, "")) == 11

    def test_the_field_shows_citation_and_address_and_that_an_edition_was_replaced(self, laws):
        widget = ArticleChooserWidget()
        widget.model = Article
        now = Article.objects.current().get(edition__law=laws["楼道管理法"], key="2")
        old = Article.objects.get(edition__law=laws["楼道管理法"], edition__is_current=False, key="2")
        data = widget.get_value_data(now.pk)
        assert (data["title"], data["edit_url"]) == ("《楼道管理法》第二条", "/laws/loudaoguanlifa/2/")
        assert widget.get_value_data(old.pk)["title"] == "《楼道管理法》第二条（该文本已被取代）"
        assert widget.get_value_data(10**9) is None

    def test_the_chosen_article_is_handed_to_the_form(self, admin, laws):
        article = Article.objects.current().get(edition__law=laws["楼道管理法"], key="2")
        response = admin.get(reverse("article_chooser:chosen", args=[article.pk]))
        assert response.json()["result"]["title"] == "《楼道管理法》第二条"

    def test_a_law_is_chosen_by_any_name(self, admin, laws):
        response = admin.get(reverse("law_chooser:choose_results"), {"q": "借伞司法"})
        assert [law.title for law in response.context["results"]] == [
            "最高人民法院关于审理借伞案件适用法律若干问题的规定"
        ]
