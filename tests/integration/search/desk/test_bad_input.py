"""Whatever is typed or put into the address gets an answer or a clear message, never an error."""

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.django_db

QUERIES = {
    "long": "离婚" * 50_000,
    "one_long_word": "x" * 100_000,
    "punctuation": "！？。，、；：“”（）《》…—",
    "ascii_punctuation": "!@#$%^&*()_+-=[]{}|;':\",./<>?`~\\",
    "nul": "离婚\x00协议",
    "only_nul": "\x00\x00",
    "controls": "\x01\x1b[31m离婚\x7f\x9f",
    "lone_surrogate": "离婚\ud800协议",
    "only_surrogates": "\udfff\ud800",
    "noncharacters": "离婚\ufffe\uffff",
    "unbalanced_quote": '"离婚',
    "unbalanced_quotes": "“离婚”协议”“",
    "quotes_only": '""""""',
    "quoted_nothing": '"  "',
    "many_quotes": '"离婚" ' * 500,
    "operators": "离婚 AND OR NOT NEAR(协议, 5) title:工资 * ^2 ~1 +a -b (c OR d) [a TO z] {x} \\",
    "only_minus": "-",
    "only_excluded": "-离婚",
    "many_excluded": " ".join(f"-词{number}" for number in range(1000)),
    "wildcards": "*离*婚*?%_",
    "sql": "'; DROP TABLE search_synonymgroup; --",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7|add:7 }}{% debug %}",
    "percent": "100% %s %(a)s %d",
    "spaces": "　 \t\r\n ",
    "rare_han": "𠅤䶮𬺈家的地",
    "emoji": "👨‍👩‍👧离婚💔",
    "right_to_left": "\u202e离婚\u202c",
    "combining": "e" + "\u0301" * 5_000,
    "ligature": "\ufdfa" * 5_000,
    "digits": "1" * 10_000,
}

ADDRESSES = [
    "q=离婚&page=999999",
    "q=离婚&page=-1",
    "q=离婚&page=0",
    "q=离婚&page=abc",
    "q=离婚&page=1e9",
    "q=离婚&page=１",
    "q=离婚&page=99999999999999999999999999",
    "q=离婚&page=1&page=2",
    "q=离婚&q=工资",
    "q=离婚&kind=nosuchkind",
    "q=离婚&kind=&topic=&since=&sort=",
    "q=离婚&topic=没有的主题",
    "q=离婚&life_event=../../etc/passwd",
    "q=离婚&law=%00&place=%ED%A0%80",
    "q=离婚&since=2020-13-45",
    "q=离婚&since=yesterday&until=%00",
    "q=离婚&since=0000-00-00",
    "q=离婚&since=9999-12-31&until=0001-01-01",
    "q=离婚&sort=price",
    "q=离婚&unknown=filter&utm_source=wechat",
    "q=离婚&" + "&".join(f"topic=主题{number}" for number in range(3000)),
    "q=离婚&topic=" + "长" * 20_000,
    "q=%ED%A0%80离婚",
    "q=%FF%FE%00",
    "q=%",
    "q=%zz&q=%u1234",
    "q",
    "&&&===&&&",
    "q=离婚;page=2",
    "q=离婚&kind[]=guide&kind[$ne]=1",
]


def get(client, path, address):
    """Ask for an address as it is, its bytes as a server passes them on."""
    return client.get(path, QUERY_STRING=address.encode("utf-8", "surrogatepass").decode("latin-1"))


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_any_query(client, index, query):
    for address in ("/search/", "/search/suggest/"):
        response = client.get(address, query_params={"q": query.encode("utf-8", "replace").decode()})
        assert response.status_code == 200
        page = response.content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("query", ["离婚\ud800协议", "\udfff\ud800"])
def test_surrogates_in_the_raw_address(client, index, query):
    raw = query.encode("utf-8", "surrogatepass")
    address = "q=" + "".join(f"%{byte:02X}" for byte in raw)
    for path in ("/search/", "/search/suggest/"):
        assert client.get(path, QUERY_STRING=address).status_code == 200
        # Not even percent-encoded: bytes as a careless client sends them.
        assert get(client, path, "q=" + query).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_any_address(client, index, address):
    for path in ("/search/", "/search/suggest/"):
        assert get(client, path, address).status_code == 200


def test_too_many_parameters_are_a_bad_request(client, index, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
    response = client.get("/search/", QUERY_STRING="&".join(f"a{number}=1" for number in range(2000)))
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("q=劳动仲裁&page=abc", "“页码”填的“abc”看不懂，已忽略。"),
        ("q=劳动仲裁&since=2020-13-45", "“从”填的“2020-13-45”看不懂，已忽略。"),
        ("q=劳动仲裁&kind=nosuchkind", "没有“nosuchkind”这个筛选条件，已忽略。"),
        ("q=劳动仲裁&life_event=voyage", "没有“voyage”这个筛选条件，已忽略。"),
        ("q=劳动仲裁&sort=price", "“排序”填的“price”看不懂，已忽略。"),
        ("q=劳动仲裁&since=2030-01-01&until=2001-01-01", "开始日期晚于结束日期，已对调。"),
        ("q=" + "劳动仲裁" * 100, "问题太长，只搜了开头的 200 个字。"),
    ],
)
def test_what_was_left_out_is_said(client, index, address, message):
    response = get(client, "/search/", address)
    page = response.content.decode()
    assert message in page
    assert "/laws/laodongzhengyi/" in page


def test_what_was_left_out_does_not_stay_in_addresses(client, index):
    response = get(client, "/search/", "q=劳动仲裁&kind=nosuchkind&page=abc&utm_source=x&topic=拖欠工资")
    main = BeautifulSoup(response.content.decode(), "html.parser").find("main")
    addresses = [link["href"] for link in main.select("a[href]")]
    assert any("topic=" in address for address in addresses)
    assert not [address for address in addresses if "nosuchkind" in address or "utm_source" in address]
