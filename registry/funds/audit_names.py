"""What the actions on funds are called in the list of what was done."""

from django.utils.translation import gettext_lazy as _

from accounts.audit import name_actions

name_actions(
    {
        "funds.open_fund": _("设立基金"),
        "funds.change_fund": _("修改基金资料"),
        "funds.close_fund": _("终止基金"),
        "funds.propose_voucher": _("填制凭证"),
        "funds.change_voucher": _("修改凭证"),
        "funds.withdraw_voucher": _("撤回凭证"),
        "funds.refuse_voucher": _("退回凭证"),
        "funds.approve_voucher": _("审批凭证"),
        "funds.set_consent": _("登记捐赠人是否同意具名"),
        "funds.waive_receipt": _("登记不要捐赠票据"),
        "funds.give_receipt": _("开具捐赠票据"),
        "funds.publish_statement": _("公布收支报表"),
        "funds.correct_statement": _("公布更正说明"),
    }
)
