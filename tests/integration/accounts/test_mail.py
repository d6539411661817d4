"""Letters about what was done: once it is certain, one each, in the site's language, and never in the way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail as outgoing
from django.utils import translation
from django.utils.translation import gettext

from accounts import mail

pytestmark = pytest.mark.django_db


def test_each_address_gets_one_letter_of_its_own(django_capture_on_commit_callbacks: Callable[..., Any]):
    with django_capture_on_commit_callbacks(execute=True):
        mail.tell(["a@example.org", "", "b@example.org", "a@example.org"], "标题", "正文", path="/volunteer/")
        assert outgoing.outbox == []
    assert [message.to for message in outgoing.outbox] == [["a@example.org"], ["b@example.org"]]
    assert outgoing.outbox[0].subject == "标题 - 乡约"
    assert "正文\n\n查看详情：" in outgoing.outbox[0].body
    assert "/volunteer/\n\n这封邮件由系统自动发出" in outgoing.outbox[0].body


def test_nothing_that_was_typed_adds_a_header_or_is_escaped(django_capture_on_commit_callbacks: Callable[..., Any]):
    with django_capture_on_commit_callbacks(execute=True):
        mail.tell(["a@example.org"], "𠅤“A&B”\nBcc: x@example.org", "<b>{{ x }}</b> 5 < 6")
    message = outgoing.outbox[0]
    assert message.subject == "𠅤“A&B”"
    assert message.bcc == []
    assert "<b>{{ x }}</b> 5 < 6" in message.body


def test_a_letter_that_cannot_be_sent_undoes_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
):
    def refused(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(mail, "send_mail", refused)
    with django_capture_on_commit_callbacks(execute=True):
        mail.tell(["a@example.org"], "标题", "正文")
    assert "A letter was not sent: 标题" in caplog.text


def test_a_letter_speaks_the_sites_language():
    said = []

    @mail.letter
    def write(number: int) -> None:
        said.append((number, translation.get_language(), gettext("志愿者")))

    with translation.override("en"):
        write(7)
        assert translation.get_language() == "en"
    assert said == [(7, "zh-hans", "志愿者")]
