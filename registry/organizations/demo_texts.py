"""What the demo's organizations are and do."""

from dataclasses import dataclass
from decimal import Decimal

from registry.organizations.choices import Audience, FieldOfWork, LegalForm

TOWNSHIP_WIDE = -1


@dataclass(frozen=True, slots=True)
class DemoService:
    """A service: name, what it is, for whom, when, at what cost."""

    name: str
    description: str
    audience: str
    hours: str
    cost: str = "免费"


@dataclass(frozen=True, slots=True)
class DemoContract:
    """A contract: title, purchaser (the township's government where none is named), yuan, deliverables."""

    title: str
    purchaser: str
    amount: Decimal
    deliverables: str


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    """An organization of the demo: `name` follows the village's, or the township's where `village` is TOWNSHIP_WIDE."""

    name: str
    village: int
    kind: str
    field: str
    aims: str
    services: tuple[DemoService, ...] = ()
    contract: DemoContract | None = None
    form: str = LegalForm.COMMUNITY


F, A = FieldOfWork, Audience

REGISTERED = (
    DemoOrganization(
        "银龄互助社",
        0,
        "mutual_aid",
        F.ELDERLY,
        "低龄老人帮高龄老人：上门看望、陪着看病、代买代办，让独居老人有人问、有人管。",
        (
            DemoService(
                "独居老人上门看望",
                "每周至少上门一次，看冷暖、查用电用气，有事当天告诉子女和村里。",
                A.ELDERLY,
                "周一至周六 8:30—11:00",
            ),
            DemoService(
                "陪同就医", "陪老人到镇卫生院、县医院挂号、取药、看懂检查单，提前一天打电话约。", A.ELDERLY, "按预约"
            ),
        ),
        DemoContract(
            "独居老人探访关爱",
            "",
            Decimal("48000.00"),
            "全年探访 60 户独居老人，每户每月不少于 4 次；建立探访记录；每季度交一份小结。",
        ),
    ),
    DemoOrganization(
        "老娘舅调解室",
        1,
        "professional",
        F.MEDIATION,
        "由老支书、老教师、退休法官组成，调解邻里、家庭、土地纠纷，把事情解决在村里。",
        (
            DemoService(
                "邻里纠纷调解",
                "宅基地、排水、噪音、相邻通行等纠纷上门听两边说，就地调解，签调解协议。",
                A.EVERYONE,
                "周二、周五 14:00—17:00",
            ),
        ),
    ),
    DemoOrganization(
        "舞龙队",
        2,
        "culture",
        F.CULTURE,
        "传承百年板凳龙，正月出灯，平时教年轻人和孩子舞龙、扎龙。",
        (DemoService("少年舞龙课", "八岁以上的孩子学舞龙和鼓点，道具由队里提供。", A.CHILDREN, "周六 15:00—17:00"),),
    ),
    DemoOrganization(
        "为民助餐服务中心",
        TOWNSHIP_WIDE,
        "service",
        F.ELDERLY,
        "开办老年食堂，给八十岁以上和行动不便的老人送餐上门。",
        (
            DemoService(
                "老年食堂午餐",
                "两荤两素一汤，七十岁以上老人凭身份证就餐。",
                A.ELDERLY,
                "每天 10:30—12:30",
                "每餐 6 元；特困老人免费",
            ),
            DemoService(
                "送餐上门", "行动不便的老人，每天中午送到家，饭盒当天收回。", A.ELDERLY, "每天 11:00—12:00", "每餐 8 元"
            ),
        ),
        DemoContract(
            "镇域老年助餐",
            "",
            Decimal("186000.00"),
            "三个助餐点全年供餐不少于 300 天，日均 120 份；食品留样；满意度不低于 90%。",
        ),
        LegalForm.SERVICE_INSTITUTION,
    ),
    DemoOrganization(
        "垃圾分类劝导队",
        3,
        "welfare",
        F.ENVIRONMENT,
        "教邻居分垃圾、守住投放点、清理河边垃圾，让村子干净起来。",
        (
            DemoService(
                "上门教分类",
                "新搬来的、分不清的，打个电话就上门教，送一张分类图。",
                A.EVERYONE,
                "周三、周日 9:00—11:00",
            ),
        ),
    ),
    DemoOrganization(
        "四点半课堂",
        4,
        "service",
        F.CHILDREN,
        "放学以后孩子没人管，来这里写作业、看书、下棋，家长下班来接。",
        (
            DemoService(
                "放学看护和作业辅导",
                "一至六年级，退休教师和大学生志愿者看护，有点心。",
                A.CHILDREN,
                "学期内周一至周五 16:00—18:30",
                "点心费每天 3 元",
            ),
        ),
        DemoContract(
            "留守儿童课后看护",
            "",
            Decimal("36000.00"),
            "全年看护不少于 180 天，每天不少于 20 名孩子；配两名看护员；零安全事故。",
        ),
    ),
    DemoOrganization(
        "枇杷种植互助会",
        5,
        "mutual_aid",
        F.LIVELIHOOD,
        "一起买肥料、一起请农技员、一起卖枇杷，遇灾互相帮工。",
        (
            DemoService(
                "枇杷技术指导",
                "剪枝、套袋、防冻的时候请县农技员到地头教。",
                A.FARMERS,
                "二月、四月、十一月，时间在村口公告",
            ),
        ),
    ),
    DemoOrganization(
        "巾帼志愿队",
        6,
        "welfare",
        F.RELIEF,
        "妇女姐妹帮困难家庭：理发、缝补、打扫、陪孩子读书。",
        (
            DemoService("困难家庭上门理发", "不方便出门的老人和残疾人，上门理发。", A.POOR, "每月 15 日"),
            DemoService(
                "姐妹说说话", "家里有难处、心里有委屈，有人听，也帮着找妇联和法律援助。", A.WOMEN, "周四 19:00—20:30"
            ),
        ),
    ),
    DemoOrganization(
        "太极拳协会",
        TOWNSHIP_WIDE,
        "culture",
        F.SPORTS,
        "推广太极拳、八段锦，带大家早上一起锻炼。",
        (DemoService("晨练教学", "零基础可以来，有人从头教。", A.EVERYONE, "每天 6:00—7:00，雨天停"),),
        None,
        LegalForm.SOCIAL_GROUP,
    ),
    DemoOrganization(
        "平安巡逻队",
        7,
        "mutual_aid",
        F.SAFETY,
        "夜里巡逻、查火险、防溺水，台风天帮着转移老人。",
        (
            DemoService(
                "水塘防溺水值守",
                "暑假里在水库和三口大塘边值守，劝离下水的孩子。",
                A.CHILDREN,
                "七月、八月每天 12:00—18:00",
            ),
        ),
    ),
    DemoOrganization(
        "民乐团",
        8,
        "culture",
        F.CULTURE,
        "二胡、笛子、琵琶爱好者一起练、一起演，逢年过节给大家演一场。",
        (DemoService("二胡入门班", "每期十人，乐器可以借。", A.EVERYONE, "周一、周四 19:00—20:30", "每期 50 元"),),
    ),
    DemoOrganization(
        "新居民之家",
        9,
        "service",
        F.GOVERNANCE,
        "帮外地来的人办居住证、找学校、找工作、讨工钱，也教本地话。",
        (
            DemoService(
                "办事代办",
                "居住证、社保转移、入学材料，带齐证件帮着填、陪着办。",
                A.NEWCOMERS,
                "周一至周五 18:30—20:30",
            ),
            DemoService(
                "讨薪咨询", "被欠工钱的，教怎么留证据、到哪里告，帮着联系法律援助。", A.NEWCOMERS, "周三 18:30—20:30"
            ),
        ),
        DemoContract(
            "新居民融入服务",
            "",
            Decimal("72000.00"),
            "全年代办不少于 400 件；开展 12 场活动；建立服务台账。",
        ),
    ),
    DemoOrganization(
        "助残之家",
        TOWNSHIP_WIDE,
        "welfare",
        F.DISABILITY,
        "残疾人在这里做手工、学手艺，做出来的东西帮着卖。",
        (
            DemoService(
                "日间照料和手工",
                "智力、精神、重度肢体残疾人，有人照看，做串珠和包装。",
                A.DISABLED,
                "周一至周五 8:30—15:30",
            ),
        ),
        DemoContract(
            "残疾人日间照料",
            "云溪县残疾人联合会",
            Decimal("128000.00"),
            "照料 16 名重度残疾人，全年不少于 230 天；每人有个别化服务计划。",
        ),
        LegalForm.SERVICE_INSTITUTION,
    ),
    DemoOrganization(
        "红白理事会",
        10,
        "mutual_aid",
        F.GOVERNANCE,
        "帮着操办红白喜事，劝大家少摆几桌、不比排场，桌椅碗筷借着用。",
        (
            DemoService(
                "桌椅碗筷借用", "办事前三天来登记，用完洗净归还。", A.EVERYONE, "随时打电话", "押金 200 元，归还即退"
            ),
        ),
    ),
    DemoOrganization(
        "云溪县乡邻公益基金会",
        TOWNSHIP_WIDE,
        "welfare",
        F.RELIEF,
        "资助全县村和社区的助学、助医、救急和公益项目，款项逐笔公开。",
        (
            DemoService(
                "困难学生助学",
                "低保、低边和突发困难家庭的高中生、大学生，每年八月申请。",
                A.POOR,
                "每年 8 月 1 日—20 日",
            ),
        ),
        None,
        LegalForm.FOUNDATION,
    ),
    DemoOrganization(
        "河道护卫队",
        11,
        "welfare",
        F.ENVIRONMENT,
        "巡河、捞垃圾、看排污口，发现问题拍照上报。",
        (DemoService("排污线索受理", "看到污水直排、倒垃圾，打电话或者微信发照片，两天内回音。", A.EVERYONE, "每天"),),
    ),
    DemoOrganization(
        "𠅤山书画社",
        1,
        "culture",
        F.EDUCATION,
        "教孩子和老人写毛笔字、画国画，过年给大家写春联。",
        (DemoService("义务写春联", "腊月二十起在村礼堂，红纸笔墨都备好。", A.EVERYONE, "腊月二十至二十八 9:00—16:00"),),
    ),
)

EXPIRED = (
    DemoOrganization("腰鼓队", 3, "culture", F.SPORTS, "打腰鼓、锻炼身体、参加镇里的文艺演出。"),
    DemoOrganization("竹编手艺社", 5, "professional", F.CULTURE, "传下竹编手艺，教年轻人编篮子、编灯笼，帮着卖。"),
    DemoOrganization("家电义务维修队", 8, "service", F.RELIEF, "给困难户修电扇、电饭煲、电灯，不收钱。"),
)

DEREGISTERED = (
    DemoOrganization("广场舞协会", 6, "culture", F.SPORTS, "组织大家晚上跳广场舞，管好时间和音量。"),
    DemoOrganization("蚕桑互助会", 10, "mutual_aid", F.LIVELIHOOD, "一起养蚕、一起卖茧。"),
)

IN_PROGRESS = (
    ("draft", DemoOrganization("读书会", 0, "culture", F.EDUCATION, "每月共读一本书，在文化礼堂分享。")),
    ("submitted", DemoOrganization("暖心理发队", 2, "welfare", F.ELDERLY, "每月两次在村服务中心给老人理发。")),
    (
        "submitted",
        DemoOrganization(
            "矛盾调解志愿队", 7, "professional", F.MEDIATION, "小区里楼上楼下、停车、养狗的纠纷，先来找我们说。"
        ),
    ),
    ("in_review", DemoOrganization("亲子自然营", 4, "service", F.CHILDREN, "带孩子认庄稼、认草药，寒暑假办自然课。")),
    (
        "in_review",
        DemoOrganization("茶农合作互助会", 5, "mutual_aid", F.LIVELIHOOD, "统一采摘时间、统一防虫、统一卖茶。"),
    ),
    ("returned", DemoOrganization("越剧票友会", 9, "culture", F.CULTURE, "爱唱越剧的人每周聚一次，逢节日下村演出。")),
    (
        "returned",
        DemoOrganization("失独家庭互助组", 8, "mutual_aid", F.RELIEF, "失独家庭互相陪伴，一起过节、一起看病。"),
    ),
    ("refused", DemoOrganization("健康长寿养生会", 6, "other", F.HEALTH, "推广养生产品，组织老人参加健康讲座。")),
)

SURNAMES = (
    "赵钱孙李周吴郑王冯陈沈韩杨朱许何吕张曹金魏陶姜谢章潘范彭鲁韦马苗方俞任袁柳史唐费岑雷贺汤滕罗毕郝邬安常于傅齐康"
    "伍余顾孟黄穆萧尹姚邵汪毛米贝臧计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路江童颜郭梅盛林钟徐骆高夏蔡田樊胡凌"
    "霍万柯卢莫房干解应宗丁邓单洪包左石崔吉龚程"
)
GIVEN = (
    "建国 秀英 桂花 志强 丽萍 国强 玉兰 海燕 文斌 春梅 水根 阿珍 金花 永福 月娥 小明 晓燕 佳怡 浩然 子涵 "
    "伟民 荣华 爱珍 根法 阿土 彩凤 新民 林生 雪琴 志芳 明德 素贞 长生 惠芬 忠良 梅仙 来福 银凤 关林 杏花 "
    "俊杰 雅琴 思远 若曦 泽宇 𠅤生 䶮 晨曦 建平 美娟 国良 玉珍 伯荣 菊英 祖德 红霞 立新 小芳 云龙 翠莲"
)
DUTIES = ("会员", "会员", "会员", "理事", "会计", "出纳", "宣传", "队员", "")
BASES = ("文化礼堂", "党群服务中心二楼", "村老年活动室", "便民服务中心旁", "小学旧教室", "社区活动室 203 室")
