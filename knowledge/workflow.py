"""Four eyes: an editor writes, a reviewer publishes. Wagtail's own groups and workflow, set up for our sections."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from search.permissions import desk_permissions

# Names of rows, not of the interface: they stay what they are in every language.
EDITORS = "编辑"
REVIEWERS = "审核员"
WORKFLOW = "普法内容审核"
TASK = "审核员审核"

PAGE_PERMISSIONS = {
    EDITORS: ("add", "change"),
    REVIEWERS: ("add", "change", "publish", "lock", "unlock"),
}
FILE_PERMISSIONS = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")


@transaction.atomic
def install(*, sections: Iterable[Page]) -> Workflow:
    """Let 编辑 write in these sections and 审核员 publish, by way of one workflow for all of them.

    Safe to call again: what is there stays as an administrator left it. A section is set up once, when no group has
    a permission of its own on it yet; a section that already has a workflow keeps it.
    """
    groups = {name: _group(name) for name in PAGE_PERMISSIONS}
    workflow = _workflow(groups[REVIEWERS])
    for section in sections:
        if not GroupPagePermission.objects.filter(page=section, group__in=groups.values()).exists():
            _permit(section, groups)
        WorkflowPage.objects.get_or_create(page=Page.objects.get(pk=section.pk), defaults={"workflow": workflow})
    return workflow


def _group(name: str) -> Group:
    group, created = Group.objects.get_or_create(name=name)
    if created:
        access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        group.permissions.add(access, *desk_permissions())
        root = Collection.get_first_root_node()
        GroupCollectionPermission.objects.bulk_create(
            GroupCollectionPermission(group=group, collection=root, permission=permission)
            for permission in Permission.objects.filter(
                content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=FILE_PERMISSIONS
            )
        )
    return group


def _workflow(reviewers: Group) -> Workflow:
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW)
    if created:
        task = GroupApprovalTask.objects.create(name=TASK)
        task.groups.add(reviewers)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow


def _permit(section: Page, groups: dict[str, Group]) -> None:
    for name, group in groups.items():
        for permission_type in PAGE_PERMISSIONS[name]:
            GroupPagePermission.objects.create(
                group=group, page=Page.objects.get(pk=section.pk), permission_type=permission_type
            )
