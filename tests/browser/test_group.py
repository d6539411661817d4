"""The browser's tests share one site: were they given to two workers, each would set up the whole demo."""

import os

import pytest


def test_these_tests_are_one_group(request):
    if "PYTEST_XDIST_WORKER" not in os.environ or request.config.getvalue("dist") != "loadgroup":
        pytest.skip("not distributed by groups")
    assert request.node.nodeid.endswith("@browser")
