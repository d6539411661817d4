"""The search's desk in the back office: who sees it, what it refuses, what it shows."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import ModelLogEntry

from search import synonyms
from search.models import SynonymGroup, UnansweredQuery
from search.permissions import desk_permissions

pytestmark = pytest.mark.django_db


def signed_in(client, *permissions):
    group = Group.objects.create(name="试用")
    group.permissions.add(Permission.objects.get(codename="access_admin"), *permissions)
    user = get_user_model().objects.create_user("someone", password="a-good-password")
    user.groups.add(group)
    client.force_login(user)
    return client


@pytest.fixture
def editor(client):
    return signed_in(client, *desk_permissions())


def soup(response):
    return BeautifulSoup(response.content.decode(), "html.parser")


def menu(client):
    return client.get(reverse("wagtailadmin_home")).content.decode()


def save(client, url, **fields):
    return client.post(url, {"active": "on", "field": "", **fields})


ADD = "/admin/synonyms/new/"


def test_editors_see_the_whole_menu(editor):
    page = menu(editor)
    for url in ("synonyms:index", "wagtailsearchpromotions:index", "search_unanswered", "search_try"):
        assert f'"{reverse(url)}"' in page
    assert page.count(f'"{reverse("wagtailsearchpromotions:index")}"') == 1


def test_who_may_nothing_sees_nothing_and_gets_nowhere(client):
    outsider = signed_in(client)
    page = menu(outsider)
    query = UnansweredQuery.objects.create(text="火星移民")
    for url in ("synonyms:index", "wagtailsearchpromotions:index", "search_unanswered", "search_try"):
        assert f'"{reverse(url)}"' not in page
        assert outsider.get(reverse(url)).status_code in {302, 403}
    assert outsider.post(reverse("search_unanswered_handled", args=(query.pk,))).status_code in {302, 403}
    assert UnansweredQuery.objects.waiting().exists()


def test_the_menu_holds_what_the_role_may_use(client):
    reader = signed_in(client, Permission.objects.get(codename="view_unansweredquery"))
    page = menu(reader)
    assert f'"{reverse("search_unanswered")}"' in page
    assert f'"{reverse("synonyms:index")}"' not in page
    UnansweredQuery.objects.create(text="火星移民")
    report = soup(reader.get(reverse("search_unanswered")))
    assert report.find("main").find(string="火星移民")
    assert not report.select("main form[method=post]")


def test_a_group_is_made_changed_and_deleted(editor):
    assert save(editor, ADD, words="房东，包租婆", expansions="出租人", field="租房").status_code == 302
    group = SynonymGroup.objects.get()
    assert group.words == "房东、包租婆"
    assert synonyms.expansions("包租婆")
    save(editor, reverse("synonyms:edit", args=(group.pk,)), words="房东", expansions="出租人、产权人")
    assert synonyms.expansions("房东")[0].words == ("出租人", "产权人")
    assert synonyms.expansions("包租婆") == []
    editor.post(reverse("synonyms:delete", args=(group.pk,)))
    assert not SynonymGroup.objects.exists()
    assert set(ModelLogEntry.objects.values_list("action", flat=True)) == {
        "wagtail.create",
        "wagtail.edit",
        "wagtail.delete",
    }


def test_a_word_of_another_active_group_is_refused_with_a_link_to_it(editor):
    other = SynonymGroup.objects.create(words="房东", expansions="出租人")
    page = soup(save(editor, ADD, words="包租婆、房東", expansions="产权人"))
    link = page.select_one(f'.w-field__errors a[href="{reverse("synonyms:edit", args=(other.pk,))}"]')
    assert link.string == "房东 → 出租人"
    assert len(page.select(".w-field__errors .error-message")) == 1
    assert "至少写一个词" not in page.get_text()
    assert SynonymGroup.objects.count() == 1
    # One that is switched off may hold it, and so may this one while it is switched off.
    assert editor.post(ADD, {"words": "包租婆、房東", "expansions": "产权人", "field": ""}).status_code == 302
    other.active = False
    other.save()
    assert save(editor, ADD, words="房東", expansions="产权人").status_code == 302


def test_hostile_words_are_escaped(editor):
    SynonymGroup.objects.create(words="<b>房东</b>", expansions="<i>出租人</i>")
    page = save(editor, ADD, words="<b>房东</b>", expansions="产权人").content.decode()
    assert "<b>房东" not in page
    assert "&lt;b&gt;房东" in page


def test_what_is_missing_is_told_at_its_field(editor):
    page = soup(save(editor, ADD, words="、", expansions="出租人"))
    assert page.find("main").find(string=lambda text: text and "至少写一个词" in text)


def test_too_general_words_are_warned_of_but_saved(editor, index):
    response = editor.post(ADD, {"active": "on", "words": "闹掰了", "expansions": "劳动争议", "field": ""}, follow=True)
    assert SynonymGroup.objects.exists()
    assert "太宽泛" in response.content.decode()


def test_the_list_is_searched_filtered_and_exported(editor, django_assert_max_num_queries):
    for number in range(30):
        SynonymGroup.objects.create(
            words=f"俗语{number}", expansions=f"术语{number}", field="租房" if number else "婚姻"
        )
    url = reverse("synonyms:index")
    with django_assert_max_num_queries(25):
        assert editor.get(url).status_code == 200
    found = soup(editor.get(url, {"q": "術語17"})).select("main .title")
    assert [cell.get_text(strip=True).startswith("俗语17") for cell in found] == [True]
    assert "俗语0" in editor.get(url, {"field": "婚姻"}).content.decode()
    assert "俗语5" not in editor.get(url, {"field": "婚姻"}).content.decode()
    exported = b"".join(editor.get(url, {"export": "csv"}).streaming_content).decode()
    assert exported.count("\n") == 31


def test_a_query_without_an_answer_leads_to_a_new_group(editor):
    page = soup(editor.get(ADD, {"words": "火星移民"}))
    assert page.select_one("input[name=words]")["value"] == "火星移民"


def test_the_report_lists_what_waits_and_marks_it(editor):
    UnansweredQuery.objects.create(text="火星移民", times=3)
    often = UnansweredQuery.objects.create(text="月球宅基地", times=9, results=1)
    url = reverse("search_unanswered")
    page = soup(editor.get(url)).find("main")
    assert [cell.get_text(strip=True) for cell in page.select("td.title")] == ["月球宅基地", "火星移民"]
    assert page.select_one(f'a[href="{reverse("synonyms:add")}?words=%E7%81%AB%E6%98%9F%E7%A7%BB%E6%B0%91"]')
    answer = editor.post(reverse("search_unanswered_handled", args=(often.pk,)), {"next": url})
    assert (answer.status_code, answer["Location"]) == (302, url)
    often.refresh_from_db()
    assert often.handled_by.username == "someone"
    waiting = soup(editor.get(url, {"state": "waiting"})).find("main")
    assert [cell.get_text(strip=True) for cell in waiting.select("td.title")] == ["火星移民"]
    handled = soup(editor.get(url, {"state": "handled"})).find("main")
    assert [cell.get_text(strip=True) for cell in handled.select("td.title")] == ["月球宅基地"]
    assert editor.get(reverse("search_unanswered_handled", args=(often.pk,))).status_code == 405


def test_the_way_back_stays_on_this_site(editor):
    query = UnansweredQuery.objects.create(text="火星移民")
    url = reverse("search_unanswered_handled", args=(query.pk,))
    assert editor.post(url, {"next": "https://evil.example/"})["Location"] == reverse("search_unanswered")


def test_the_report_is_exported_sorted_and_cheap(editor, django_assert_max_num_queries):
    for number in range(60):
        UnansweredQuery.objects.create(text=f"查询{number}", times=number)
    url = reverse("search_unanswered")
    with django_assert_max_num_queries(25):
        editor.get(url)
    rows = b"".join(editor.get(url, {"export": "csv"}).streaming_content).decode().splitlines()
    assert len(rows) == 61
    first = soup(editor.get(url, {"ordering": "times"})).select_one("td.title")
    assert first.get_text(strip=True) == "查询0"
    assert "查询7" in editor.get(reverse("search_unanswered_results"), {"q": "查询7"}).content.decode()


def test_a_query_is_taken_apart(editor, index):
    SynonymGroup.objects.create(words="包租婆", expansions="出租人")
    page = soup(editor.get(reverse("search_try"), {"q": "包租婆不退押金"})).find("main")
    shown = page.get_text()
    for expected in ("包租", "租婆", "包租婆 → 出租人", "押金房东不退怎么办？"):
        assert expected in shown
    assert page.select(".listing a[href='/questions/yajin/']")
    assert "劳动仲裁" in editor.get(reverse("search_try"), {"q": "劳动仲栽"}).content.decode()
    assert editor.get(reverse("search_try")).status_code == 200


def test_taking_apart_without_an_index_says_why(editor, settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "nowhere"
    response = editor.get(reverse("search_try"), {"q": "押金"})
    assert response.status_code == 200
    assert "rebuild_search" in response.content.decode()
