"""Who asked for their account to be deleted; administrators see to it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import NullAdminURLFinder
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from accounts import account_actions as actions
from accounts.desk.columns import DayColumn
from accounts.models import DeletionRequest


class DeletionIndexView(generic.IndexView):
    """The requests, the open ones first."""

    any_permission_required = ["delete"]

    def get_base_queryset(self) -> QuerySet[DeletionRequest]:
        return super().get_base_queryset().select_related("user")

    @cached_property
    def header_buttons(self) -> list[Any]:
        return []


class CompleteView(generic.DeleteView):
    """Closes the account."""

    page_title = _("办理注销")

    @property
    def confirmation_message(self) -> str:
        """What will happen."""
        return str(
            _("删去“%(user)s”的邮箱、姓名和密码，账号停用，任职结束；依法保存的登记不动。办了不能恢复，确定吗？")
            % {"user": self.object.user}
        )

    def form_valid(self, form: Any) -> Any:
        try:
            actions.complete_deletion(request=self.object, by=self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, _("已注销。"))
        return redirect(self.get_success_url())


class DeletionRequestViewSet(ModelViewSet):
    """Requests to delete an account."""

    model = DeletionRequest
    name = "deletion_requests"
    icon = "user"
    menu_label = _("注销申请")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = DeletionIndexView
    delete_view_class = CompleteView
    delete_template_name = "accounts/admin/confirm_leaving.html"
    exclude_form_fields = ()
    url_finder_class = NullAdminURLFinder
    list_display = [
        Column("user", label=_("用户")),
        Column("reason", label=_("原因")),
        DayColumn("asked_at", label=_("申请时间"), sort_key="asked_at"),
        DayColumn("withdrawn_at", label=_("撤回时间"), sort_key="withdrawn_at"),
        DayColumn("done_at", label=_("办结时间"), sort_key="done_at"),
        Column("done_by", label=_("办理人")),
    ]
    ordering = ["-asked_at"]

    def get_urlpatterns(self) -> list[URLPattern]:
        """A list, and the one thing to do."""
        return [item for item in super().get_urlpatterns() if item.name in {"index", "index_results", "delete"}]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No view knows of an address that is not there."""
        absent = ("add", "edit", "history", "usage")
        return super().get_common_view_kwargs(**{f"{name}_url_name": None for name in absent}, **kwargs)


deletion_viewset = DeletionRequestViewSet()
