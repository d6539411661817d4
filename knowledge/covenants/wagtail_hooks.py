"""The back office of covenants."""

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from knowledge.samples import register_log_action


@hooks.register("register_log_actions")
def sample_log_action(actions: LogActionRegistry) -> None:
    """Name the loading of samples in the history of pages."""
    register_log_action(actions)
