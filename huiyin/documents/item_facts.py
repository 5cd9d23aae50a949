"""承办件的要素：what every sheet on an item says at its head."""

from datetime import datetime

from django.utils.timezone import localtime

from huiyin.documents.facts import Slot
from huiyin.documents.letters import people
from huiyin.models import Assignment
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import Kind

ITEM = (
    Slot("单位", "本单位全称"), Slot("届次", "会议全称"), Slot("类型", "建议或提案"), Slot("称呼", "代表或委员"),
    Slot("编号", "建议（提案）编号", required=True), Slot("标题", "建议（提案）标题，涉密的从略", required=True),
    Slot("提出人", "领衔代表（委员）；要求保密的不写"), Slot("办理方式", "主办、协办等"), Slot("主办单位", "主办单位简称"),
    Slot("协办单位", "协办单位简称"), Slot("交办机关", "交办机关"), Slot("交办日期", "交办日期"),
    Slot("办理时限", "答复（协办意见）的时限"), Slot("承办科室", "承办科室"), Slot("责任领导", "责任领导"),
    Slot("承办人", "承办人"), Slot("制表日期", "打印这张单子的日期"),
)  # fmt: skip


def item_facts(item: Assignment, *, on: str, hidden: bool = False) -> dict[str, str]:
    """`hidden`: whoever prints it may not know who proposed it (R7)."""
    suggestion = item.suggestion
    due = f"{zh(item.due_on)}{'（暂定）' if item.due_provisional else ''}" if item.due_on else ""
    return {
        "单位": item.unit.name,
        "届次": suggestion.meeting.title,
        "类型": Kind(suggestion.kind).label,
        "称呼": people(item),
        "编号": suggestion.number,
        "标题": "（涉密件，题目从略）" if suggestion.secret else suggestion.title,
        "提出人": "（要求保密）" if hidden else suggestion.proposer_label,
        "办理方式": item.part_label(),
        "主办单位": (item.lead_unit or item.unit).short_name,
        "协办单位": "、".join(one.short_name for one in item.named_co_units.all()) or "无",
        "交办机关": item.organ.short_name if item.organ else "",
        "交办日期": zh(item.assigned_on),
        "办理时限": due,
        "承办科室": item.section.name if item.section else "",
        "责任领导": item.responsible_leader.name if item.responsible_leader else "",
        "承办人": item.handler.name if item.handler else "",
        "制表日期": on,
    }


def minute(at: datetime) -> str:
    """2020年7月23日, and 9:05 below it."""
    there = localtime(at)
    return f"{zh(there.date())}\n{there.hour}:{there.minute:02d}"
