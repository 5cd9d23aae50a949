"""台账各列的名称: the one Chinese name of each column, by its key. The ledger's columns, the groups of the figures, what an
import reads and what a correction puts right are named from here."""

LABELS = {
    "number": "编号", "kind": "类型", "title": "标题", "text": "正文", "lead": "领衔人", "co_signers": "联名人",
    "proposers": "人数", "lead_phone": "代表电话", "delegation": "代表团（界别）", "confidential": "要求保密",
    "category": "内容分类", "session": "届次", "meeting": "承办年度", "year": "年份", "origin": "来源", "nature": "性质",
    "from_bill": "议案转建议", "received_on": "收到日期", "organ": "交办机关", "assigned_on": "交办日期", "part": "办理方式",
    "part_text": "分办内容", "unit": "承办单位", "lead_unit": "主办单位", "co_units": "协办单位", "leader": "责任领导",
    "section": "承办科室", "handler": "承办人", "phone": "电话", "level": "办理层级", "plan_leader": "督办领导",
    "due_on": "办理时限", "provisional": "时限暂定", "extended": "是否延期", "extended_to": "延至",
    "accepted_on": "签收日期", "contacted_on": "首次沟通日期", "contact": "首次沟通方式", "met_on": "首次见面日期",
    "opinions_state": "协办意见", "opinions": "协办意见到达日", "reply_number": "答复文号", "signatory": "签发人",
    "replied_on": "答复日期", "late": "逾期答复", "delivered_on": "送达日期", "outcome": "办理结果",
    "disclosure": "公开属性", "published_on": "公开日期", "public_url": "公开网址", "attitude": "态度评价",
    "rating": "结果评价", "rated_on": "评价日期", "mode": "评价方式", "reason": "不满意理由", "again_on": "二次答复日期",
    "again_number": "二次答复文号", "again_class": "二次答复类别", "again_rating": "二次答复评价", "promises": "承诺事项",
    "promised_on": "承诺时限", "kept": "落实状态", "current": "现类别", "round": "轮次", "status": "状态",
    "closed_on": "办结日期", "archive_number": "归档号", "note": "备注",
}  # fmt: skip
