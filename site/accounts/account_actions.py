"""Every write to a public account that somebody can name."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import DeletionRequest, User


def is_taken(email: str) -> bool:
    """Whether somebody signs in with this address, or is reached at it."""
    return User.objects.filter(username=email).exists() or User.objects.filter(email__iexact=email).exists()


@transaction.atomic
def register(*, email: str, display_name: str, password: str) -> User:
    """Make an account for the holder of a confirmed address. Raises ValidationError when there is one already."""
    if is_taken(email):
        raise ValidationError(_("这个邮箱已经注册过了，请直接登录。"), code="taken")
    user = User(username=email, email=email, display_name=display_name)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # two windows with the same link
        raise ValidationError(_("这个邮箱已经注册过了，请直接登录。"), code="taken") from error
    audit.record(by=user, action="accounts.register", subject=user)
    return user


@transaction.atomic
def rename(*, user: User, display_name: str) -> None:
    """Change the name that others see."""
    before = User.objects.get(pk=user.pk).display_name
    user.display_name = display_name
    user.save(update_fields=["display_name"])
    if before != display_name:
        audit.record(by=user, action="accounts.rename", subject=user, before=before)


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """Set another password: every other session of this user ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(by=user, action="accounts.change_password", subject=user)


@transaction.atomic
def change_email(*, user_id: int, before: str, email: str) -> User:
    """Put another confirmed address in the place of the one before.

    Raises ValidationError when the address before is no longer the user's (the link was used already) or the new one
    is somebody else's.
    """
    user = User.objects.select_for_update().filter(pk=user_id, email=before, is_active=True).first()
    if user is None:
        raise ValidationError(_("这个链接已经用过了。"), code="used")
    if is_taken(email):
        raise ValidationError(_("这个邮箱已经有账号在用。"), code="taken")
    # Officials keep their sign-in name; who signs in by address signs in by the new one.
    if user.username == before:
        user.username = email
    user.email = email
    user.save(update_fields=["email", "username"])
    audit.record(by=user, action="accounts.change_email", subject=user)
    return user


@transaction.atomic
def request_deletion(*, user: User, reason: str = "") -> DeletionRequest:
    """Ask for the account to be deleted. A request that is open already stays as it is."""
    User.objects.select_for_update().get(pk=user.pk)
    request = DeletionRequest.objects.open().filter(user=user).first()
    if request is None:
        request = DeletionRequest.objects.create(user=user, reason=reason)
        audit.record(by=user, action="accounts.request_deletion", subject=user)
    return request


@transaction.atomic
def withdraw_deletion(*, user: User) -> None:
    """Take the open request back."""
    if DeletionRequest.objects.open().filter(user=user).update(withdrawn_at=timezone.now()):
        audit.record(by=user, action="accounts.withdraw_deletion", subject=user)


@transaction.atomic
def complete_deletion(*, request: DeletionRequest, by: Any, now: datetime | None = None) -> None:
    """Take name, address and password away and close the account. What the registers must keep stays.

    Raises ValidationError when the request is no longer open, or the account is an administrator's.
    """
    request = DeletionRequest.objects.select_for_update().select_related("user").get(pk=request.pk)
    user = request.user
    if request.done_at or request.withdrawn_at:
        raise ValidationError(_("这个申请已经办结或撤回。"), code="closed")
    if user.is_superuser:
        raise ValidationError(_("管理员的账号不能这样注销。"), code="superuser")
    user.username = f"deleted-{user.pk}"
    user.email = user.display_name = user.first_name = user.last_name = ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    user.appointments.all().delete()
    user.groups.clear()
    request.done_at, request.done_by = now or timezone.now(), str(by)[:150]
    request.reason = ""
    request.save(update_fields=["done_at", "done_by", "reason"])
    audit.record(by=by, action="accounts.complete_deletion", subject=user)
