from pathlib import Path

from django.conf import settings

from knowledge.guides.choices import LifeEvent


def test_every_life_event_says_what_belongs_to_it() -> None:
    assert len(LifeEvent) == 14
    assert len({str(event.description) for event in LifeEvent}) == 14


def test_every_life_event_has_its_drawing() -> None:
    sprite = (Path(settings.BASE_DIR) / "site/home/static/home/icons.svg").read_text(encoding="utf-8")
    assert [event.value for event in LifeEvent if f'id="{event.icon}"' not in sprite] == []
