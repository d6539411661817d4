"""Background work of printing."""

from django_tasks import task

from . import batch_runner


@task(backend="batches", queue_name="batches")
def run_batch(batch_id: int) -> int:
    """Print what a batch still lacks; the number of documents made. Safe to run again: what is done stays."""
    return batch_runner.run(batch_id)
