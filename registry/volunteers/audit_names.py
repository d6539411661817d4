"""What the actions on volunteers, activities and hours are called in the list of what was done."""

from django.utils.translation import gettext_lazy as _

from accounts.audit import name_actions

name_actions(
    {
        "volunteers.register_volunteer": _("登记志愿者"),
        "volunteers.change_volunteer": _("修改志愿者资料"),
        "volunteers.claim_volunteer": _("本人认领志愿者登记"),
        "volunteers.reveal": _("查看证件号和手机号"),
        "volunteers.create_team": _("成立志愿队"),
        "volunteers.change_team": _("修改志愿队"),
        "volunteers.join_team": _("加入志愿队"),
        "volunteers.leave_team": _("退出志愿队"),
        "volunteers.create_activity": _("新建志愿活动"),
        "volunteers.change_activity": _("修改志愿活动"),
        "volunteers.publish_activity": _("发布志愿活动"),
        "volunteers.cancel_activity": _("取消志愿活动"),
        "volunteers.open_shift": _("增加场次"),
        "volunteers.change_shift": _("修改场次"),
        "volunteers.cancel_shift": _("取消场次"),
        "volunteers.sign_up": _("活动报名"),
        "volunteers.enrol": _("组织者加入名单"),
        "volunteers.withdraw": _("退出报名"),
        "volunteers.promote": _("候补转为报名"),
        "volunteers.check_in": _("活动签到"),
        "volunteers.record_hours": _("登记服务时长"),
        "volunteers.record_shift": _("登记整场时长"),
        "volunteers.correct_hours": _("更正服务时长"),
        "volunteers.hours_confirmed": _("本人确认时长"),
        "volunteers.hours_objected": _("对时长提出异议"),
        "volunteers.hours_upheld": _("维持原时长"),
        "volunteers.hours_retracted": _("撤回时长异议"),
        "volunteers.request_certificate": _("申请服务证明"),
        "volunteers.issue_certificate": _("出具服务证明"),
        "volunteers.refuse_certificate": _("不予出具服务证明"),
        "volunteers.revoke_certificate": _("撤销服务证明"),
    }
)
