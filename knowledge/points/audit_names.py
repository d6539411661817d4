"""What the actions on points are called in the list of what was done."""

from django.utils.translation import gettext_lazy as _

from accounts.audit import name_actions

name_actions(
    {
        "points.set_rules": _("修改积分设置"),
        "points.save_item": _("修改积分项目"),
        "points.register_household": _("登记农户"),
        "points.change_household": _("修改农户资料"),
        "points.join_household": _("成员入户"),
        "points.leave_household": _("成员离户"),
        "points.relate_member": _("登记与户主关系"),
        "points.split_household": _("分户"),
        "points.merger_household": _("并户"),
        "points.enter_claim": _("登记积分"),
        "points.enter_batch": _("批量登记积分"),
        "points.check_claim": _("初审通过"),
        "points.review_claim": _("评议积分"),
        "points.refuse_claim": _("不予积分"),
        "points.object_to_claim": _("对积分提出异议"),
        "points.decide_objection": _("处理积分异议"),
        "points.post": _("积分入账"),
        "points.reverse": _("冲正积分"),
        "points.close_period": _("积分结账"),
        "points.offer_reward": _("修改兑换物品"),
        "points.move_stock": _("登记库存变动"),
        "points.redeem": _("办理兑换"),
        "points.issue_slip": _("出具兑换单"),
        "points.issue_report": _("出具积分报表"),
        "points.start_reports": _("批量出具积分报表"),
        "points.redemption_handed_over": _("兑换物品已领取"),
        "points.redemption_cancelled": _("取消兑换"),
        "points.announce_honour": _("设立荣誉"),
        "points.nominate": _("推荐荣誉"),
        "points.vote_on_honour": _("评议荣誉"),
        "points.award_honour": _("评定荣誉"),
        "points.load_demo": _("载入演示积分"),
    }
)
