"""The containers: whatever runs the site's code knows the database, the keys, the mail and the index."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

NEEDED = {"DATABASE_URL", "SECRET_KEY", "DATA_KEYS", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "SEARCH_ENGINE"}


def services(*files: str) -> dict[str, dict[str, Any]]:
    """Environment, volumes and command of each service that runs our image, later files over earlier ones."""
    found: dict[str, dict[str, Any]] = {}
    for file in files:
        for name, service in yaml.safe_load((Path(settings.BASE_DIR) / file).read_text("utf-8"))["services"].items():
            known = found.setdefault(name, {"environment": {}, "volumes": []})
            known["environment"] |= service.get("environment", {})
            known["volumes"] += service.get("volumes", [])
            known["ours"] = known.get("ours", False) or "build" in service
    return {name: service for name, service in found.items() if service["ours"]}


@pytest.mark.parametrize("name", services("compose.yaml"))
def test_what_runs_the_sites_code_knows_what_it_needs(name: str) -> None:
    assert services("compose.yaml")[name]["environment"].keys() >= NEEDED


@pytest.mark.parametrize("name", services("compose.yaml"))
def test_in_production_whatever_changes_rows_reaches_the_cluster(name: str) -> None:
    service = services("compose.yaml", "compose.production.yaml")[name]
    assert service["environment"]["SEARCH_ENGINE"] == "elasticsearch"
    assert service["environment"]["ELASTICSEARCH_CA"].startswith("/certificates/")
    assert any(volume.startswith("certificates:/certificates") for volume in service["volumes"])
