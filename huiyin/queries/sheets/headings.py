"""表头：which of our columns a heading stands for, by its words, by what the unit once said, or by what is below it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from huiyin.queries.column_labels import LABELS as COLUMN_LABELS
from huiyin.queries.sheets.values import looks_like_class, squeezed, words
from huiyin.rules.vocabulary import Kind, Origin, Part

# What an import says its columns are, in an office's words: the ledger's names, but for these.
LABELS = COLUMN_LABELS | {"lead": "领衔代表", "co_signers": "联名代表", "outcome": "解决程度"}
SYNONYMS = {
    "number": "建议编号 提案编号 建议号 提案号 建议提案号 建议提案编号 议案号 件号 案号 来文编号 序列号 提案序号 建议序号 代表建议编号 议案建议编号 案件编号",
    "kind": "类型 件别 建议提案类型 建议或提案",
    "title": "案由 建议标题 提案标题 建议名称 提案名称 题目 建议题目 提案题目 建议案由 提案案由 建议标题内容 建议标题和内容 标题内容 名称 建议提案名称 建议提案标题 事项 建议事项 议题",
    "text": "内容 建议内容 提案内容 建议正文 提案正文 具体内容 主要内容 建议主要内容 内容摘要",
    "lead": "领衔人 领衔代表姓名 领衔代表委员 第一提案人 第一提案者 第一提案人姓名 提案者 提案人 提案委员 建议人 提出代表 代表姓名 提出人 提建议人 提建议代表 代表委员 委员 委员姓名 代表 主提人 领衔委员 提案单位 第一提出人 领衔提出人 提议人",
    "co_signers": "联名人 联名 联名代表姓名 附议代表 附议人 附议委员 联名提案人 联名委员 附议者 联合提案人 其他代表",
    "proposers": "提出人数 提案人数 联名人数 代表人数 附议人数",
    "lead_phone": "领衔代表电话 提案人电话 代表联系电话 代表联系方式 委员电话 代表电话号码 代表手机",
    "delegation": "代表团 界别 组别 所属代表团 所在代表团 代表团界别 党派界别 所属界别 选举单位 界别党派 代表团组 专委会",
    "category": "内容分类 分类 类别 建议类别 提案分类 提案类别 建议分类 内容类别 所属类别 主题分类 领域",
    "session": "会议届次 原届次 会议名称 会议 届次会议 届次会次 所属届次 届别",
    "meeting": "办理年度 计入年度",
    "year": "年度 所属年度",
    "origin": "会间会后 会间闭会 提出时间类型 大会闭会 会议闭会 大会或闭会 建议来源 提案来源 案件来源 会议期间闭会期间",
    "nature": "提案性质 建议性质 当年多年重复",
    "from_bill": "是否议案转建议 议案转",
    "received_on": "收件日期 收到时间 收文日期 登记时间 登记日期 提案时间 收文时间 收件时间 立案时间",
    "organ": "交办单位 分办机构 来文单位 交办部门 来件单位",
    "assigned_on": "交办时间 交办日 分办日期 转办日期 分办时间 转办时间 下达日期",
    "part": "承办方式 办理类型 主协办 主办协办 主协办类型 承办类型 办理形式 主办或协办 主会办 单办会办 承办性质 办理性质 角色",
    "part_text": "分办事项 分办部分 我单位办理内容",
    "lead_unit": "主办 牵头单位 主办部门 牵头部门 主办承办单位 实际办理单位 主办责任单位",
    "co_units": "协办 会办单位 会办 协办部门 配合单位 协会办单位 协办会办单位 会办部门 会同单位 参与单位",
    "leader": "分管领导 责任局领导 分管局领导 牵头领导 领办领导 包案领导 责任领导姓名",
    "section": "承办部门 承办处室 责任科室 办理科室 承办科室单位 具体承办科室 责任处室 经办科室 承办股室 责任股室 主办科室 牵头科室 具体办理科室 办理单位科室",
    "handler": "责任人 经办人 具体承办人 具体经办人 承办人员 经办人员 承办责任人 责任人承办人 承办人姓名",
    "phone": "联系电话 联系人电话 承办人电话 经办人电话 办公电话 联系方式 责任人电话 电话号码 责任人联系人电话",
    "level": "层级 重点督办 是否重点 重点建议 重点提案 是否重点督办 重点 是否重点建议 是否重点提案",
    "plan_leader": "重点督办督办领导 督办市领导 领衔督办领导 重点督办领导 督办人",
    "due_on": "答复期限 答复截止时间 答复截止日期 时限 办结时限 办理期限 截止日期 完成时限 答复时限 要求办结时间 计划办结日期 截止时间 办结期限 应答复日期 限办日期 要求结办日期 要求办结日期 要求答复日期 办理截止日期",
    "extended": "延期 延期情况 是否申请延期",
    "extended_to": "是否延期延至 延期至 延期日期 延期时间 延期后时限",
    "accepted_on": "签收时间 签收日 接收日期 接收时间",
    "contacted_on": "首次沟通时间 沟通日期 沟通时间 走访时间 走访日期 面商时间 面商日期 首次联系日期",
    "contact": "首次沟通 首次沟通日期方式 沟通情况 沟通联系情况 首次沟通情况 走访情况 见面情况 与代表沟通情况 办前沟通 沟通方式 走访方式 联系代表方式 听取意见方式 见面方式 面商方式 与代表沟通方式",
    "met_on": "见面时间 见面日期 首次见面时间",
    "delivered_on": "送达时间 寄送日期 寄送时间 送达代表日期",
    "confidential": "是否保密 保密",
    "unit": "承办责任单位",
    "closed_on": "办结时间",
    "opinions": "协办意见到达日期 协办意见提交日期 协办意见收到日期 会办意见收到日期 协办意见日期 会办意见时间 会办意见日期",
    "reply_number": "文号 复文号 答复函文号 发文字号 答复文件号 答复编号 答复发文号 复函文号 函号 发文号 答复字号",
    "signatory": "签发领导 签发 签发人姓名 签发局领导",
    "replied_on": "答复时间 答复日 办复时间 办复日期 复文日期 签发日期 签发时间 复函日期 书面答复日期 书面答复时间 实际答复日期 答复函日期 回复日期 回复时间 完成时间",
    "outcome": "办理结果 答复类别 办理类别 办理结果类别 结果类别 解决类别 答复分类 办理情况分类 办理结果分类 解决程度类别 答复件类别 分类标记 答复标记 办结类别 落实类别",
    "disclosure": "公开 公开类别 公开类型 公开方式 可否公开 是否公开 答复公开属性 公开意见 能否公开",
    "published_on": "公开时间 公布日期 上网日期",
    "public_url": "公开地址 网址 公开链接 公开日期网址 链接",
    "attitude": "办理态度 对办理态度 态度 对办理工作态度 办理态度评价 对办理态度评价 办理工作评价 对办理工作 办理过程评价 态度满意度 办理过程",
    "rating": "办理结果反馈 满意度 办理结果评价 对办理结果 结果 满意情况 评价 代表评价 委员评价 评价结果 代表意见 委员意见 反馈意见 代表满意度 委员满意度 对办理结果评价 征询意见 意见反馈 结果满意度 测评结果 代表委员评价 反馈结果 是否满意 满意程度 对答复结果",
    "rated_on": "评价时间 反馈日期 反馈时间 测评日期 收到反馈日期 意见反馈日期",
    "mode": "反馈方式 评价途径 评价形式",
    "reason": "不满意原因 不满意的理由 不满意情况 不满意说明 理由",
    "again_on": "二次答复时间 再次答复日期 重新答复日期 再答复日期",
    "again_number": "二次文号 再次答复文号 重新答复文号 二次答复号",
    "again_class": "二次类别 二次解决程度 二次办理结果 再次答复类别",
    "again_rating": "二次答复评价 二次满意度 再次评价 二次办理评价 重新办理评价",
    "promises": "承诺 承诺内容 承诺解决事项 下步承诺 承诺办理事项",
    "promised_on": "承诺期限 承诺日期 承诺完成时间 承诺时间 承诺完成时限 承诺办结时限 落实时限",
    "kept": "落实情况 是否落实 承诺落实情况 跟踪办理结果 落实结果 承诺状态 落实进展 跟踪落实情况",
    "current": "当前类别 目前类别 最新类别 跟踪后类别 转化后类别",
    "round": "办理轮次 轮次性质 办理次数",
    "status": "办理状态 当前状态 办理进度 进度 整体进度",
    "archive_number": "档号 归档编号 案卷号 档案号",
    "note": "附注 其他 说明",
}  # fmt: skip
IGNORED = "流水号 序号 顺序号 行号 序 no 附件"  # known, and not taken
_SPACE = re.compile(r"[\s_·.、，,。：:；;/／\\|（）()【】\[\]〔〕《》“”\"'‘’*＊\-—–]+")
_ASIDE = re.compile(r"[（(【\[].*?[）)】\]]")
LONGEST = 60  # a heading; a longer cell is none
MEANT = ("number", "title")  # what makes a sheet a ledger


def plain(heading: str) -> str:
    """A heading's words as they are compared: no spaces, no punctuation, half-width, lower case."""
    return _SPACE.sub("", squeezed(heading)).lower()


KEYS = {
    **{plain(word): "" for word in IGNORED.split()},
    **{plain(word): key for key, line in SYNONYMS.items() for word in line.split()},
    **{plain(label): key for key, label in LABELS.items()},
}
UNDER = {  # what a word says below a heading of its own row: (part of the heading above, the word) → key
    ("评价", "日期"): "rated_on", ("评价", "时间"): "rated_on", ("评价", "方式"): "mode", ("评价", "理由"): "reason",
    ("评价", "结果"): "rating", ("评价", "态度"): "attitude", ("反馈", "态度"): "attitude", ("反馈", "结果"): "rating",
    ("反馈", "日期"): "rated_on", ("意见", "态度"): "attitude", ("意见", "结果"): "rating", ("满意", "态度"): "attitude",
    ("满意", "结果"): "rating", ("测评", "态度"): "attitude", ("测评", "结果"): "rating",
    ("二次", "日期"): "again_on", ("二次", "答复日期"): "again_on", ("二次", "文号"): "again_number",
    ("二次", "答复文号"): "again_number", ("二次", "类别"): "again_class", ("二次", "评价"): "again_rating",
    ("二次", "解决程度"): "again_class", ("二次", "满意度"): "again_rating",
    ("答复", "日期"): "replied_on", ("答复", "时间"): "replied_on", ("答复", "文号"): "reply_number",
    ("答复", "类别"): "outcome", ("答复", "结果"): "outcome", ("办理", "结果"): "outcome", ("办理", "方式"): "part",
    ("沟通", "日期"): "contacted_on", ("沟通", "时间"): "contacted_on", ("沟通", "方式"): "contact",
    ("承诺", "事项"): "promises", ("承诺", "内容"): "promises", ("承诺", "时限"): "promised_on", ("承诺", "落实"): "kept",
    ("承诺", "状态"): "kept", ("承诺", "期限"): "promised_on",
    ("公开", "属性"): "disclosure", ("公开", "日期"): "published_on", ("公开", "网址"): "public_url",
    ("代表", "姓名"): "lead", ("委员", "姓名"): "lead", ("代表", "电话"): "lead_phone", ("提案人", "姓名"): "lead",
    ("提案人", "电话"): "lead_phone", ("提案人", "界别"): "delegation",
    ("单位", "主办"): "lead_unit", ("单位", "协办"): "co_units", ("单位", "会办"): "co_units",
    ("承办", "科室"): "section", ("承办", "姓名"): "handler", ("承办", "电话"): "phone", ("承办", "单位"): "lead_unit",
    ("交办", "日期"): "assigned_on", ("交办", "时间"): "assigned_on", ("交办", "机关"): "organ", ("签收", "日期"): "accepted_on",
}  # fmt: skip


def guess(parts: Sequence[str], known: Mapping[str, str]) -> str | None:
    """The column a heading of one or two rows stands for; "" for one that is not taken, None for one not recognised.
    `known`: what the unit once said, by `plain` words."""
    if not parts or len(parts[-1]) > LONGEST:
        return None
    whole = plain(" / ".join(parts))
    if whole in known:
        return known[whole]
    above, below = plain("".join(parts[:-1])), plain(parts[-1])
    if above:
        for (part, word), key in UNDER.items():
            if part in above and word == below:
                return key
    for form in (above + below, below + above, below):
        if form in KEYS:
            return KEYS[form]
    for shorter in (plain(_ASIDE.sub("", parts[-1])), re.sub(r"^(建议|提案|是否)|(姓名|情况)$", "", below)):
        if shorter != below and shorter in KEYS:
            return KEYS[shorter]
    return None


TERMS = (("kind", Kind), ("part", Part), ("origin", Origin))


def by_values(key: str | None, values: Sequence[Any]) -> str | None:
    """What a heading such as 类别 or 类型 means, seen by what is below it."""
    found = {words(value) for value in values} - {""}
    if not found:
        return key
    if key == "category" and all(looks_like_class(one) for one in found):
        return "outcome"
    if key == "outcome" and not any(looks_like_class(one) for one in found) and found <= _RATINGS:
        return "rating"
    if key in {"kind", "part"}:
        for other, terms in TERMS:
            if found <= {term.label for term in terms}:
                return other
    return key


_RATINGS = {"满意", "基本满意", "不满意", "非常满意", "理解", "同意"}
