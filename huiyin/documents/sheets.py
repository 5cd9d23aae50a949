"""办理单据：交办单、审签单、回访记录单、当面答复记录、办理轨迹单. Printed, signed by hand, filed."""

from collections.abc import Iterable

from huiyin.documents.facts import Facts, Shape, Slot, cells, text
from huiyin.documents.item_facts import ITEM, item_facts, minute
from huiyin.documents.layout import Cell, Paper
from huiyin.models import Assignment, Contact, Event, FollowUpVisit
from huiyin.queries.signing_sheet import Signature
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import Gate, Stage

WIDTHS = (28, 57, 24, 47)  # 156 mm: 项目、内容, twice
SIGNED = Slot(
    "审签", "逐行：各关口的审签", Shape.ROWS, ("关口", "岗位", "签字", "时间", "意见", "稿本"), required=True
)
ASSIGN = Slot("交办审签", "逐行：交办关的审签", Shape.ROWS, ("岗位", "签字", "时间", "意见"))
PROMISES = Slot("承诺", "逐行：答复中的承诺", Shape.ROWS, ("事项", "期限", "状态"))
TRACK = Slot(
    "轨迹", "逐行：办理轨迹，由早到晚", Shape.ROWS, ("时间", "办理人", "动作", "内容"), required=True
)
ASSIGNMENT = (
    *ITEM, Slot("办理要求", "按规程列出的办理要求"), ASSIGN, Slot("签收人", "签收人，未签收时空着"),
    Slot("签收日期", "签收日期，未签收时空着"),
)  # fmt: skip
REPLIED = (
    Slot("发文字号", "答复的发文字号"),
    Slot("签发日期", "答复的签发日期"),
    Slot("类别", "办理结果类别"),
)
SIGNING = (*ITEM, *REPLIED, Slot("文件标题", "答复（协办意见）的标题"), SIGNED)
VISIT = (
    *ITEM, *REPLIED, Slot("计划日期", "计划回访的日期"), Slot("回访日期", "回访日期，没有回访时空着"),
    Slot("方式", "回访方式"), Slot("回访人", "回访人"), Slot("回访情况", "回访情况"), PROMISES,
)  # fmt: skip
FACE_REPLY = (
    *ITEM, *REPLIED, Slot("答复日期", "当面答复的日期，没有登记时空着"), Slot("方式", "走访、面谈、座谈会等"),
    Slot("答复人", "我方人员"), Slot("听取人", "在场的代表（委员）"), Slot("答复内容", "当面答复的主要内容"),
    Slot("代表意见", "代表（委员）当场的意见"),
)  # fmt: skip
CHRONOLOGY = (*ITEM, Slot("状态", "现在的状态"), TRACK, Slot("校验码", "轨迹链末端的SM3值"))


# 内容


def assignment_facts(item: Assignment, *, on: str, hidden: bool) -> Facts:
    """交办单: an item handed to a section: who, by when, what is asked, who passed it."""
    return {
        **item_facts(item, on=on, hidden=hidden),
        "办理要求": "\n".join(f"{place}.{line}" for place, line in enumerate(_asked(item), 1)),
        "交办审签": [
            {
                "岗位": one.get_role_display(), "签字": _who(one.person.name, one.signer.name),
                "时间": minute(one.at), "意见": one.opinion or "同意",
            }
            for one in item.live_sign_offs(Gate.ASSIGN)
        ],
        "签收人": item.accepted_by.name if item.accepted_by else "",
        "签收日期": zh(item.accepted_on) if item.accepted_on else "",
    }  # fmt: skip


def _asked(item: Assignment) -> list[str]:
    due = f"{zh(item.due_on)}前" if item.due_on else "时限内"
    if not item.answers:
        return [
            f"请于{due}提出{item.co}意见，经审签后送主办单位。",
            "认为不属于本科室职责的，签收时书面说明理由报办公室，未经同意不得自行转办。",
        ]
    found = [
        f"请于{due}书面答复{'委员' if item.suggestion.kind == 'proposal' else '代表'}，逐条回应所提意见。"
    ]
    found += (
        ["沟通在前、起草在后：起草答复前应与提出人沟通并做好记录。"] if item.profile.contact_required else []
    )
    found += [f"请书面征求{item.co}单位意见，采纳情况逐一标明。"] if item.named_co_units.all() else []
    return [*found, "认为不属于本科室职责的，签收时书面说明理由报办公室，未经同意不得自行转办。"]


def _who(person: str, signer: str) -> str:
    return signer if person == signer else f"{signer}（代{person}）"


def _replied(item: Assignment) -> dict[str, str]:
    reply = item.reply
    letter = item.current_class()
    return {
        "发文字号": reply.number if reply else "",
        "签发日期": zh(reply.signed_on) if reply else "",
        "类别": f"{letter}类" if letter else "",
    }


def signing_facts(item: Assignment, rows: Iterable[Signature], *, on: str, hidden: bool) -> Facts:
    """审签单: who signed what at each gate; who stood in for whom is named."""
    version = item.submitted_version or item.draft
    return {
        **item_facts(item, on=on, hidden=hidden),
        **_replied(item),
        "文件标题": version.title if version else "",
        "审签": [
            {
                "关口": one.gate.label, "岗位": one.post, "签字": _who(one.person.name, one.signer.name),
                "时间": minute(one.at), "意见": one.opinion or ("送审" if one.is_submission else "同意"),
                "稿本": f"稿本{one.version}" if one.version else "—",
            }
            for one in rows
        ],
    }  # fmt: skip


def visit_facts(visit: FollowUpVisit, *, on: str, hidden: bool) -> Facts:
    """回访记录单: filled in where the visit was recorded, to be filled in by hand otherwise."""
    item = visit.assignment
    return {
        **item_facts(item, on=on, hidden=hidden),
        **_replied(item),
        "计划日期": zh(visit.planned_on),
        "回访日期": zh(visit.done_on) if visit.done_on else "",
        "方式": visit.get_method_display() if visit.method else "",
        "回访人": visit.people,
        "回访情况": visit.finding,
        "承诺": [
            {"事项": one.content, "期限": zh(one.due_on), "状态": one.get_state_display()}
            for one in item.commitments.all()
        ],
    }


def face_reply_facts(item: Assignment, *, on: str, hidden: bool) -> Facts:
    """当面答复记录 (R45): with the deputy's own signature; it does not replace the written reply."""
    met = _met(item)
    return {
        **item_facts(item, on=on, hidden=hidden),
        **_replied(item),
        "答复日期": zh(met.on) if met else "",
        "方式": met.get_method_display() if met else "",
        "答复人": met.people if met else "",
        "听取人": "、".join(one.name for one in met.reached.all()) if met and not hidden else "",
        "答复内容": met.content if met else "",
        "代表意见": met.view if met else "",
    }


def _met(item: Assignment) -> Contact | None:
    """The latest meeting after the reply."""
    found = [one for one in item.contacts.all() if one.stage == Stage.AFTER and one.face_to_face]
    return found[-1] if found else None


def chronology_facts(item: Assignment, events: Iterable[Event], *, on: str, hidden: bool) -> Facts:
    """办理轨迹单: every deed, the earliest first."""
    return {
        **item_facts(item, on=on, hidden=hidden),
        "状态": item.get_status_display(),
        "轨迹": [
            {
                "时间": minute(one.at), "动作": one.get_deed_display(), "内容": one.text,
                "办理人": _who(one.behalf.name if one.behalf else one.by.name, one.by.name),
            }
            for one in events
        ],
        "校验码": item.head,
    }  # fmt: skip


# 版式


def _sheet(facts: Facts, name: str) -> Paper:
    paper = Paper(sheet=True)
    paper.title(f"{facts['单位']}", name, above=0)
    return paper


def _said(*pairs: tuple[str, str]) -> list[Cell]:
    return [cell for label, value in pairs for cell in (Cell(label, head=True), Cell(value))]


def _wide(label: str, value: str, tall: int = 0) -> list[Cell]:
    return [Cell(label, head=True), Cell(value, span=3, tall=tall)]


def _head(facts: Facts) -> list[list[Cell]]:
    return [
        _said(("编号", f"第{facts['编号']}号{facts['类型']}"), ("提出人", text(facts, "提出人"))),
        _wide("届次", text(facts, "届次")),
        _wide("标题", text(facts, "标题")),
    ]


def assignment(facts: Facts) -> Paper:
    paper = _sheet(facts, "建议提案交办单")
    paper.form(
        [
            *_head(facts),
            _said(("交办机关", text(facts, "交办机关")), ("交办日期", text(facts, "交办日期"))),
            _said(("办理方式", text(facts, "办理方式")), ("办理时限", text(facts, "办理时限"))),
            _said(("主办单位", text(facts, "主办单位")), ("协办单位", text(facts, "协办单位"))),
            _said(("承办科室", text(facts, "承办科室")), ("责任领导", text(facts, "责任领导"))),
            _said(("承办人", text(facts, "承办人")), ("制表日期", text(facts, "制表日期"))),
            _wide("办理要求", text(facts, "办理要求")),
        ],
        WIDTHS,
    )
    paper.add("", "表后")
    paper.table(
        ("岗位", "签字", "时间", "意见"), cells(facts, ASSIGN), (42, 30, 36, 48), (0, 1, 2), look="单"
    )
    paper.add("", "表后")
    paper.form([_said(("签收人", text(facts, "签收人")), ("签收日期", text(facts, "签收日期")))], WIDTHS)
    return paper


def signing(facts: Facts) -> Paper:
    paper = _sheet(facts, "建议提案答复审签单")
    paper.form(
        [
            *_head(facts),
            _wide("文件标题", text(facts, "文件标题")),
            _said(("发文字号", text(facts, "发文字号")), ("签发日期", text(facts, "签发日期"))),
            _said(("办理方式", text(facts, "办理方式")), ("结果类别", text(facts, "类别"))),
            _said(("承办科室", text(facts, "承办科室")), ("承办人", text(facts, "承办人"))),
        ],
        WIDTHS,
    )
    paper.add("", "表后")
    paper.table(SIGNED.columns, cells(facts, SIGNED), (15, 38, 25, 34, 30, 14), (0, 1, 2, 3, 5))
    return paper


def visit(facts: Facts) -> Paper:
    paper = _sheet(facts, "跟踪回访记录单")
    paper.form(
        [
            *_head(facts),
            _said(("答复文号", text(facts, "发文字号")), ("结果类别", text(facts, "类别"))),
            _said(("计划日期", text(facts, "计划日期")), ("回访日期", text(facts, "回访日期"))),
            _said(("回访方式", text(facts, "方式")), ("回访人", text(facts, "回访人"))),
        ],
        WIDTHS,
    )
    paper.add("", "表后")
    paper.table(("承诺事项", "完成期限", "进展"), cells(facts, PROMISES), (86, 40, 30), (1, 2), look="单")
    paper.add("", "表后")
    paper.form(
        [
            _wide("回访情况", text(facts, "回访情况"), tall=45),
            _wide(f"{facts['称呼']}意见", "", tall=40),
            _said((f"{facts['称呼']}签名", ""), ("日期", "　　　年　　月　　日")),
        ],
        WIDTHS,
    )
    return paper


def face_reply(facts: Facts) -> Paper:
    paper = _sheet(facts, "当面答复记录")
    who = facts["称呼"]
    paper.form(
        [
            *_head(facts),
            _said(("答复文号", text(facts, "发文字号")), ("结果类别", text(facts, "类别"))),
            _said(("答复日期", text(facts, "答复日期")), ("方式", text(facts, "方式"))),
            _said(("答复人", text(facts, "答复人")), (f"到场{who}", text(facts, "听取人"))),
            _wide("答复内容", text(facts, "答复内容"), tall=50),
            _wide(f"{who}意见", text(facts, "代表意见"), tall=40),
            _said((f"{who}签名", ""), ("日期", "　　　年　　月　　日")),
            _said(("答复人签名", ""), ("日期", "　　　年　　月　　日")),
        ],
        WIDTHS,
    )
    paper.add("", "表后")
    paper.add("说明：当面答复不代替书面答复；本记录与书面答复一并归档。", "单文")
    return paper


def chronology(facts: Facts) -> Paper:
    paper = _sheet(facts, "办理轨迹单")
    paper.form(
        [
            *_head(facts),
            _said(("办理方式", text(facts, "办理方式")), ("现在状态", text(facts, "状态"))),
            _said(("承办科室", text(facts, "承办科室")), ("承办人", text(facts, "承办人"))),
            _said(("办理时限", text(facts, "办理时限")), ("制表日期", text(facts, "制表日期"))),
        ],
        WIDTHS,
    )
    paper.add("", "表后")
    paper.table(TRACK.columns, cells(facts, TRACK), (34, 24, 30, 68), (0, 1, 2))
    paper.add("", "表后")
    paper.add(f"轨迹校验码（SM3）：{facts['校验码']}", "表文")
    return paper
