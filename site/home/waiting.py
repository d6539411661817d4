"""What waits in the parts that know of no roles: batches that run, accounts that are to be deleted."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import DeletionRequest
from accounts.waiting import Waiting, register_waiting
from printing.models import Batch


@register_waiting
def deletions(user: Any) -> Iterator[Waiting]:
    """Accounts whose owners want them deleted; administrators see to it."""
    if user.has_perm("accounts.delete_deletionrequest"):
        count = DeletionRequest.objects.filter(done_at=None, withdrawn_at=None).count()
        yield Waiting(_("账号"), _("注销申请待办理"), reverse("deletion_requests:index"), count)


@register_waiting
def batches(user: Any) -> Iterator[Waiting]:
    """One's own batches that are not done; nothing to say to whom has none."""
    count = Batch.objects.filter(started_by=user).unfinished().count()
    if count:
        yield Waiting(_("批量打印"), _("正在打印的批次"), reverse("printing_batches:index"), count)
