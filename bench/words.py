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
    "", "", "", "", "", "", "", "", "目前", "近年来", "调研中发现", "群众普遍反映", "据了解", "一是", "二是", "三是", "为此建议", "同时", "此外", "但是",
    "由于历史原因", "从全市看", "对照先进地区", "有的地方",
)  # fmt: skip
SUBJECTS = (
    "手续", "资金", "规划", "部门职责", "安全隐患", "建设标准", "配套设施", "交通出行", "土地指标", "后期管护", "年度计划", "牵头单位",
    "联席会议", "专项经费", "办理进度", "试点经验", "排查整治", "考核办法", "听证程序", "总体布局", "绿色通道", "审批环节", "补偿政策",
    "社会资本", "技术力量", "信息平台", "监测网络", "执法队伍", "村民意愿", "历史遗留问题", "生态红线", "水土保持", "消防验收", "权属纠纷",
    "拆迁安置", "应急预案", "物业管理", "公益诉讼", "志愿服务", "宣传引导", "招商引资", "用工需求", "融资渠道", "税收优惠", "品牌建设",
    "产销对接", "质量追溯", "冷库建设", "苗木供应", "病虫防治", "课后服务", "师资配备", "药品供应", "床位数量", "家庭医生", "残疾人设施",
    "停车泊位", "公交线网", "路灯照明", "排水管道",
)  # fmt: skip
PREDICATES = (
    "办理时间较长", "缺口较大", "衔接不够紧密", "协调不畅", "长期没有消除", "尚未统一", "明显不足", "很不方便", "十分紧张", "没有跟上",
    "应当尽早明确", "须限期完成", "要形成制度", "可列入预算", "宜向社会公开", "值得推广", "亟待开展", "有待健全", "流于形式", "缺乏统筹",
    "仍不畅通", "可以再精简", "还不够细", "参与热情不高", "跟不上发展", "重复建设", "覆盖面窄", "人手偏少", "没有得到尊重", "久拖不决",
    "划定过粗", "任务繁重", "标准偏高", "屡有发生", "进展迟缓", "演练太少", "收费争议多", "效果有限", "渠道单一", "形式陈旧",
    "落地率低", "结构性矛盾突出", "门槛偏高", "兑现不及时", "影响力弱", "信息不对称", "责任不清", "布点分散", "季节性短缺", "预警滞后",
    "时间冲突", "编制受限", "储备不足", "周转困难", "签而不约", "损坏严重", "供需失衡", "站点过远", "年久失修", "雨污混流",
)  # fmt: skip


CHARS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
)


class Words:
    """A stock of clauses by topic, from which texts are put together at the speed of a choice. Each topic has terms of its
    own, so that most pairs of characters stand in few texts, as in the field, and some in most."""

    def __init__(self, random: Random) -> None:
        self.random = random
        choice = random.choice
        self.villages = [choice(PLACES) + choice(PLACES) + choice("村镇乡街") for _ in range(1_500)]
        names = (choice(SURNAMES) + choice(GIVEN) + choice(GIVEN) for _ in range(3_000))
        self.names = list(dict.fromkeys(names))
        self.topics = [self._topic() for _ in range(400)]

    def _topic(self) -> list[str]:
        choice, sample = self.random.choice, self.random.sample
        matters, subjects, predicates = sample(MATTERS, 2), sample(SUBJECTS, 3), sample(PREDICATES, 4)
        villages, terms = sample(self.villages, 5), ["".join(sample(CHARS, 3)) for _ in range(25)]
        return [
            f"{choice(LEADS)}{choice(villages)}{choice(terms)}{choice(matters)}{choice(ENDS)}，{choice(terms)}{choice(subjects)}"
            f"{choice(terms)}{choice(predicates)}{choice('，。；')}"
            for _ in range(40)
        ]  # fmt: skip

    def text(self, length: int = 600) -> str:
        one, other = self.random.choices(self.topics, k=2)
        found = "".join(self.random.choices(one, k=length // 36) + self.random.choices(other, k=length // 36))
        return found[: length - 1] + "。"

    def title(self) -> str:
        choice = self.random.choice
        return f"关于{choice(WAYS)}{choice(self.villages)}{choice(MATTERS)}{choice(ENDS)}的建议"

    def people(self, count: int) -> list[str]:
        return self.random.sample(self.names, count) if count > 1 else [self.random.choice(self.names)]
