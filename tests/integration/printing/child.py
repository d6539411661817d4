"""How the processes of a test's batch begin. Loads nothing before Django is set up."""


def set_up(path: list[str]) -> None:
    """As `batch_worker.set_up`, then the producers of the tests, which no app loads."""
    from printing import batch_worker

    batch_worker.set_up(path)
    from tests.integration.printing import producers

    assert producers
