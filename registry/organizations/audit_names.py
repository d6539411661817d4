"""What the actions on organizations are called in the list of what was done."""

from django.utils.translation import gettext_lazy as _

from accounts.audit import name_actions

name_actions(
    {
        "organizations.start_filing": _("填写备案申请"),
        "organizations.start_renewal": _("填写续期申请"),
        "organizations.save_draft_step": _("保存申请草稿"),
        "organizations.set_founders": _("填写发起人"),
        "organizations.set_members": _("填写会员"),
        "organizations.add_file": _("上传申请材料"),
        "organizations.remove_file": _("删除申请材料"),
        "organizations.discard_draft": _("放弃申请草稿"),
        "organizations.submit_filing": _("提交备案申请"),
        "organizations.take_into_review": _("开始审核"),
        "organizations.return_filing": _("退回补正"),
        "organizations.refuse_filing": _("不予备案"),
        "organizations.approve_filing": _("准予备案"),
        "organizations.expire": _("备案到期"),
        "organizations.remind_of_renewal": _("提醒续期"),
        "organizations.deregister": _("注销组织"),
        "organizations.add_manager": _("增加组织管理员"),
        "organizations.remove_manager": _("减少组织管理员"),
        "organizations.add_service": _("发布服务"),
        "organizations.change_service": _("修改服务"),
        "organizations.confirm_service": _("确认服务仍然有效"),
        "organizations.withdraw_service": _("停止服务"),
        "organizations.record_stage": _("登记培育阶段"),
        "organizations.record_support": _("登记扶持"),
        "organizations.award_contract": _("登记购买服务合同"),
        "organizations.evaluate_contract": _("评价购买服务"),
        "organizations.file_annual_report": _("报送年度报告"),
        "organizations.confirm_annual_report": _("确认年度报告"),
        "organizations.open_county": _("开通县级设置"),
        "organizations.save_settings": _("修改备案设置"),
        "organizations.save_kind": _("修改组织类别"),
        "organizations.load_demo": _("载入演示组织"),
    }
)
