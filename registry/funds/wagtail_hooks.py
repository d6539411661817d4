"""Funds in the back office: the menu, the steps, the report."""

from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from registry.funds import desk
from registry.funds.viewsets import FundGroup


@hooks.register("register_admin_viewset")
def fund_viewsets() -> FundGroup:
    """Vouchers, funds, books, donations, accounts."""
    return FundGroup()


@hooks.register("register_admin_urls")
def fund_steps() -> list[URLPattern]:
    """The addresses of the steps, files and the report."""
    steps: dict[str, tuple[type[View], str]] = {
        "vouchers/<int:pk>/approve/": (desk.ApproveView, "fund_approve"),
        "vouchers/<int:pk>/refuse/": (desk.RefuseView, "fund_refuse"),
        "vouchers/<int:pk>/withdraw/": (desk.WithdrawView, "fund_withdraw"),
        "evidence/<int:pk>/": (desk.EvidenceView, "fund_evidence"),
        "donations/<int:pk>/receipt/": (desk.ReceiptView, "fund_give_receipt"),
        "donations/<int:pk>/receipt.pdf": (desk.ReceiptFileView, "fund_receipt"),
        "donations/<int:pk>/waive/": (desk.WaiveView, "fund_waive_receipt"),
        "donations/<int:pk>/consent/": (desk.ConsentView, "fund_consent"),
        "list/<int:pk>/preview.pdf": (desk.PreviewView, "fund_preview"),
        "list/<int:pk>/publish/": (desk.PublishView, "fund_publish"),
        "list/<int:pk>/close/": (desk.CloseView, "fund_close"),
        "statements/<int:pk>/print/": (desk.PrintStatementView, "fund_print"),
        "statements/<int:pk>/correct/": (desk.CorrectView, "fund_correct"),
        "disclosure/": (desk.OverdueView, "fund_overdue"),
    }
    return [path(f"funds/{address}", view.as_view(), name=name) for address, (view, name) in steps.items()]


@hooks.register("insert_global_admin_css")
def fund_styles() -> str:
    """The pages of vouchers and funds."""
    return format_html('<link rel="stylesheet" href="{}">', static("home/css/funds-admin.css"))


class OverdueMenuItem(MenuItem):
    """Shown to those who may see funds."""

    def is_shown(self, request: object) -> bool:
        return bool(request.user.has_perm("funds.view_fund"))  # type: ignore[attr-defined]


@hooks.register("register_reports_menu_item")
def overdue_menu_item() -> MenuItem:
    """The township's report of what was not disclosed in time."""
    return OverdueMenuItem(
        _("基金公开情况"), reverse("fund_overdue"), name="fund-disclosure", icon_name="warning", order=210
    )
