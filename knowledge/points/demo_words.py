"""What the demo's villages give points for, what stands in their stores, and how their people are called."""

from typing import NamedTuple

from .choices import Category, PeriodKind


class DemoItem(NamedTuple):
    """An item; `often` is how likely it is among all, `hint` a word of the clause that it belongs to."""

    name: str
    category: Category
    points: int
    often: int
    hint: str
    cap: int | None = None
    cap_period: PeriodKind = PeriodKind.MONTH
    unit: str = "次"
    needs_evidence: bool = False


ITEMS = (
    DemoItem("陪老人看病、体检", Category.FAMILY, 2, 7, "老", 10),
    DemoItem("外出子女回家探望", Category.FAMILY, 2, 5, "老", 8),
    DemoItem("庭院整洁达标", Category.FAMILY, 5, 22, "家里", 5),
    DemoItem("家风故事会分享", Category.FAMILY, 3, 3, "孩子"),
    DemoItem("学生假期参加志愿服务", Category.FAMILY, 3, 3, "孩子", 12, PeriodKind.QUARTER, "天"),
    DemoItem("结对帮扶独居老人", Category.NEIGHBOURS, 3, 8, "独居", 12),
    DemoItem("邻里互助", Category.NEIGHBOURS, 2, 12, "搭把手", 10),
    DemoItem("参与调解、劝和", Category.NEIGHBOURS, 4, 3, "矛盾"),
    DemoItem("借用车辆、农具给邻居", Category.NEIGHBOURS, 1, 5, "搭把手", 5),
    DemoItem("喜事新办、丧事简办", Category.CUSTOMS, 20, 1, "席", 40, PeriodKind.YEAR, needs_evidence=True),
    DemoItem("参加文化礼堂活动", Category.CUSTOMS, 1, 10, "文化", 5),
    DemoItem("识骗防骗宣传", Category.CUSTOMS, 2, 4, "骗", 8),
    DemoItem("参加村庄清洁日", Category.ORDER, 2, 28, "垃圾", 10),
    DemoItem("垃圾分类评比优秀", Category.ORDER, 3, 24, "垃圾", 12),
    DemoItem("巡河护林", Category.ORDER, 2, 6, "山", 10),
    DemoItem("排查用电用火隐患", Category.ORDER, 2, 4, "消防", 8),
    DemoItem("参加村民会议、议事", Category.OWN, 2, 8, "开会", 8),
    DemoItem("献血、救人等善举", Category.OWN, 10, 1, "", 40, PeriodKind.YEAR, needs_evidence=True),
    DemoItem("垃圾乱倒、乱烧", Category.ORDER, -5, 3, "垃圾"),
    DemoItem("占道堆物经提醒不改", Category.ORDER, -3, 2, "消防"),
    DemoItem("遛狗不牵绳", Category.NEIGHBOURS, -3, 2, "狗"),
)

REWARDS = (
    ("洗衣皂", "块", 5),
    ("食盐", "袋", 3),
    ("毛巾", "条", 10),
    ("洗洁精", "瓶", 15),
    ("抽纸", "提", 20),
    ("大米五斤", "袋", 30),
    ("食用油", "桶", 60),
    ("免费理发", "次", 12),
)

HONOURS = ("最美家庭", "好邻居", "清洁庭院")
DEEDS = (
    "照顾瘫痪婆婆多年，一家人和和气气。",
    "常年给独居邻居挑水送饭，随叫随到。",
    "院里院外收拾得像花园，带着一条巷子干净起来。",
    "婚事新办，省下的钱捐给村里修路灯。",
)

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
GIVEN = "国强建华秀英桂兰志明玉珍春梅海涛小军丽娟德胜美芳永福金花文斌晓燕大山水根阿香福生银凤家旺彩云长贵月娥"
RARE_NAMES = ("𠅤大山", "䶮小龙", "欧阳修竹", "阿依古丽·买买提江·吐尔逊尼亚孜汗阿吉")
RELATIONS = ("配偶", "子", "女", "父", "母", "儿媳", "孙")
OF_OTHER_FAMILIES = {"配偶", "母", "儿媳"}
OBJECTIONS = ("那天他家没有人来，请再核实。", "照片看着像去年的。")
OWN_OBJECTION = ("那天我们家去了两个人，应当算两次。", "核对了签到表，这一项按户计，一天只算一次。")
REFUSALS = ("签到表上没有名字。", "同一件事已经登记过。")
