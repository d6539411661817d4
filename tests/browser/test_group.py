"""The browser's tests share one site: were they given to two workers, each would set up the whole demo."""

import pytest


def test_these_tests_are_one_group(request):
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("not distributed by groups")
    assert request.node.nodeid.endswith("@browser")
