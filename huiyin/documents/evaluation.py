"""征询意见表 (R50, R51): one for each addressee, by the scale and the questions of the profile. The QR code is the address
of the page on which the clerk enters the form that came back."""

import io

import segno

from huiyin.documents.facts import Facts, Figure, Shape, Slot, cells, text
from huiyin.documents.item_facts import ITEM, item_facts
from huiyin.documents.layout import Cell, Paper
from huiyin.models import Assignment
from huiyin.rules.dates import zh

QR = 26  # millimetres
ASKED = Slot("评价", "逐行：规程问的各项和可选的档次", Shape.ROWS, ("项目", "选项"), required=True)
EVALUATION = (
    *ITEM, Slot("表名", "届次和表名"), Slot("姓名", "收表的代表（委员）", required=True), Slot("代表团", "代表团或界别"),
    Slot("答复文号", "答复的发文字号"), Slot("答复日期", "答复的签发日期"), ASKED,
    Slot("交回要求", "何时交回何处"), Slot("二维码", "登记评价一页的地址；独占一段", Shape.PICTURE),
    Slot("码下文字", "二维码下的编号"),
)  # fmt: skip
QUESTIONS = {"attitude": "办理态度", "outcome": "办理结果"}


def evaluation_facts(item: Assignment, *, to: str, address: str, on: str) -> Facts:
    """`address`: where the returned form is entered, for this addressee."""
    who = next((one for one in item.suggestion.proposers.all() if one.name == to), None)
    facts, reply = item_facts(item, on=on), item.reply
    period = item.profile.limit("evaluation").period
    within = f"在收到答复之日起{period.label}内" if period else ""
    choices = "　".join(f"□ {one.label}" for one in item.profile.scale)
    return {
        **facts,
        "表名": f"{facts['届次']}{facts['称呼']}{facts['类型']}办理情况征询意见表",
        "姓名": to,
        "代表团": who.delegation if who else "",
        "答复文号": reply.number if reply else "",
        "答复日期": zh(reply.signed_on) if reply else "",
        "评价": [{"项目": f"对{QUESTIONS[one]}", "选项": choices} for one in item.profile.questions],
        "交回要求": f"请{within}填写本表，签名后交回{item.unit.name}办公室。对办理态度、办理结果分别评价；不满意的，请写明原因。"
        if len(item.profile.questions) > 1
        else f"请{within}填写本表，签名后交回{item.unit.name}办公室。不满意的，请写明原因。",
        "二维码": qr(address),
        "码下文字": f"第{facts['编号']}号{facts['类型']}　{to}",
    }


def qr(address: str) -> Figure:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=8, border=2)
    return Figure(out.getvalue(), width=QR)


def evaluation(facts: Facts) -> Paper:
    paper = Paper(sheet=True)
    paper.title(text(facts, "表名"), above=0)
    who = facts["称呼"]

    def said(label: str, name: str) -> list[Cell]:
        return [Cell(label, head=True), Cell(text(facts, name))]

    paper.form(
        [
            [*said(f"{who}姓名", "姓名"), *said("代表团/界别", "代表团")],
            [*said("编号", "编号"), *said("办理方式", "办理方式")],
            [Cell("标题", head=True), Cell(text(facts, "标题"), span=3)],
            [*said("答复单位", "单位"), *said("答复文号", "答复文号")],
        ],
        (30, 42, 27, 57),
    )
    paper.add("", "表后")
    paper.table(
        ("评价项目", f"请{who}在□内打√，每项选一个"), cells(facts, ASKED), (40, 116), (0, 1), look="单"
    )
    paper.add("", "表后")
    paper.form(
        [
            [Cell("意见和建议\n（不满意的\n原因）", head=True), Cell(span=3, tall=56)],
            [Cell(f"{who}签名", head=True), Cell(tall=13), Cell("日期", head=True), Cell("　　　年　　月　　日")],
        ],
        (30, 42, 27, 57),
    )  # fmt: skip
    paper.add("", "表后")
    paper.add(text(facts, "交回要求"), "单文")
    paper.add("", "表后")
    picture = facts["二维码"]
    assert isinstance(picture, str | Figure)
    paper.figure(picture)
    paper.add(text(facts, "码下文字"), "单文居中")
    paper.add(f"（{facts['单位']}登记用）", "单文居中")
    return paper
