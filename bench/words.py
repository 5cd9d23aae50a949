"""词句：what a made ledger's titles, texts and people are made of; by the seed, always the same."""

from random import Random

SURNAMES = "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文辉力健民国建海山东晓春玉红兰云志成德福生荣贵林清祥才永宏新立安邦泰和庆彬瑞宁佳慧思雨晨阳宇浩博轩子涵"
PLACES = "章江贡水赣南康上犹崇义信丰龙安远定全宁都兴国会昌寻乌石城瑞金于峡湖潭口镇沙河水东西北桥头坪岭背排峰洋田黄屋朱坑油槎滩蓉开虔州古浮储"
MATTERS = (
    "港口用地", "城市更新", "老旧小区", "停车设施", "学校用地", "养老服务", "农村宅基地", "耕地保护", "矿山修复",
    "地质灾害", "不动产登记", "历史街区", "传统村落", "污水处理", "垃圾分类", "公共交通", "慢行系统", "电动车充电桩",
    "产业园区", "物流通道", "高速连接线", "农田水利", "水源地保护", "森林防火", "乡村旅游", "红色遗址", "医疗卫生",
    "托幼机构", "体育场地", "社区食堂", "消防通道", "地下管网", "临时用地", "光伏项目", "稀土产业", "脐橙种植", "冷链仓储",
    "营商环境", "行政审批", "城乡规划", "海绵城市", "桥梁隧道", "文物保护", "人才公寓", "保障性住房", "集体土地入市",
)  # fmt: skip
WAYS = ("加快", "加强", "支持", "规范", "完善", "优化", "统筹", "推进", "加大", "解决", "重视", "协调")
ENDS = ("建设", "管理", "保障", "治理", "规划", "落实", "改造", "服务", "监管", "利用", "布局", "投入")
LEADS = (
    "目前", "近年来", "调研中发现", "群众普遍反映", "据了解", "一是", "二是", "三是", "为此建议", "同时", "此外", "但是",
    "由于历史原因", "从全市看", "对照先进地区", "有的地方",
)  # fmt: skip
TAILS = (
    "手续办理时间较长", "资金缺口较大", "规划衔接不够紧密", "部门之间协调不畅", "存在安全隐患", "标准不够统一",
    "配套设施不足", "群众出行不便", "土地指标紧张", "后期管护没有跟上", "应当列入年度计划", "应由牵头单位限期完成",
    "要建立联席会议制度", "要安排专项经费", "要依法依规办理", "要公开办理进度", "可以先行先试", "应开展专项排查",
    "要明确责任和时限", "要听取代表和群众的意见", "应当纳入国土空间总体规划", "要开辟绿色通道",
)  # fmt: skip


class Words:
    """A stock of clauses and names, from which texts are put together at the speed of a choice."""

    def __init__(self, random: Random) -> None:
        self.random = random
        choice = random.choice
        self.villages = [choice(PLACES) + choice(PLACES) + choice("村镇乡街") for _ in range(1_500)]
        names = (choice(SURNAMES) + choice(GIVEN) + choice(GIVEN) for _ in range(3_000))
        self.names = list(dict.fromkeys(names))
        self.clauses = [self._clause() for _ in range(6_000)]

    def _clause(self) -> str:
        choice = self.random.choice
        return f"{choice(LEADS)}{choice(self.villages)}{choice(MATTERS)}{choice(ENDS)}{choice(TAILS)}{choice('，。；')}"

    def text(self, length: int = 600) -> str:
        found = "".join(self.random.choices(self.clauses, k=length // 18))
        return found[: length - 1] + "。"

    def title(self) -> str:
        choice = self.random.choice
        return f"关于{choice(WAYS)}{choice(self.villages)}{choice(MATTERS)}{choice(ENDS)}的建议"

    def people(self, count: int) -> list[str]:
        return self.random.sample(self.names, count) if count > 1 else [self.random.choice(self.names)]
