"""答复函、协办意见函、征求协办意见函、征求意见稿 (R35, R42–R46)."""

from collections.abc import Iterable

from huiyin.documents.facts import Facts, Figure, Grid, Piece, Shape, Slot, names, pieces, text
from huiyin.documents.layout import Cell, Paper
from huiyin.models import Assignment, CoOpinion, Reply, ReplyVersion, StoredFile
from huiyin.rules.dates import zh
from huiyin.rules.text import Block, BlockKind
from huiyin.rules.vocabulary import Disclosure, Kind, OpinionKind

HEAD = (
    Slot("发文机关", "本单位全称；信函格式印在红线上方", required=True),
    Slot("发文字号", "签发时取得；签发前只有代字和年份", required=True),
)
END = (
    Slot("附件", "附件说明：逐个列出附件名称，没有附件就不印；独占一段", Shape.NAMES),
    Slot("落款单位", "本单位全称，在成文日期上方居中", required=True),
    Slot("成文日期", "签发日期，月日不编虚位", required=True),
    Slot("联系人", "联系人和电话，加圆括号"),
)
TEXT = (
    Slot("标题", "文件标题，按词意自动回行", required=True),
    Slot("称谓", "收件人：代表（委员）姓名，或主送单位", required=True),
    Slot("正文", "正文各段，标题层次、表格、图片照稿本；独占一段", Shape.BODY, required=True),
)
COPIES = Slot("抄送", "抄送机关，逗号隔开；没有就不印")
REPLY = (
    *HEAD, Slot("类别标记", "办理结果类别，如“A类”，印在首页右上角"), *TEXT, *END,
    Slot("公开属性", "如“此件主动公开”，加圆括号"), COPIES,
)  # fmt: skip
ORDINARY = (*REPLY, Slot("印发机关", "版记里的印发机关"), Slot("印发日期", "版记里的印发日期"))
OPINION = (*HEAD, *TEXT, *END, COPIES)
REQUEST = (
    *HEAD, *TEXT, *END, Slot("附件标题", "附件（建议原文或会签稿）的标题"),
    Slot("附件正文", "建议原文或会签稿的各段；独占一段", Shape.BODY, required=True),
)  # fmt: skip
CONSULTATION = (
    HEAD[0], *TEXT, *END, Slot("稿本标题", "所附征求意见稿的标题", required=True),
    Slot("稿本称谓", "所附征求意见稿的称谓"),
    Slot("稿本正文", "所附征求意见稿的各段；独占一段", Shape.BODY, required=True),
    Slot("编号", "建议（提案）编号"), Slot("代表姓名", "回执上的代表（委员）姓名"),
    Slot("联系方式", "回执送回给谁"),
)  # fmt: skip


# 内容


def reply_facts(item: Assignment, version: ReplyVersion, *, to: str = "") -> Facts:
    """答复函（协办意见函）of an item's version, for one addressee or for all; number and date only when it is signed."""
    reply = item.reply if item.reply and item.reply.version_id == version.pk else None
    day = zh(reply.signed_on) if reply else "（签发日期）"
    return {
        "发文机关": item.unit.name,
        "发文字号": reply.number if reply else _unnumbered(item, "reply" if item.answers else "opinion"),
        "类别标记": f"{version.outcome_class}类" if version.outcome_class else "",
        "标题": version.title,
        "称谓": salutation(item, to),
        "正文": body_of(version.blocks()),
        "附件": [one.name for one in version.annexes.all()],
        "落款单位": item.unit.name,
        "成文日期": day,
        "联系人": contact_line(version.contact_name, version.contact_phone),
        "公开属性": _disclosure(version),
        "抄送": "，".join(one.strip() for one in version.copies_to.splitlines() if one.strip()),
        "印发机关": f"{item.unit.name}办公室",
        "印发日期": day,
    }


def request_facts(opinion: CoOpinion) -> Facts:
    """征求协办意见函，或请会签的函 (R26, R28): who is asked what, by when; the text it is about as its annex. It leaves
    the unit: who asked to be kept secret is not named (R6, R7)."""
    item, countersign = opinion.assignment, opinion.kind == OpinionKind.COUNTERSIGN
    suggestion, what = item.suggestion, Kind(item.suggestion.kind).label
    of = f"{suggestion.meeting.organ}第{suggestion.number}号{what}"
    annex = (
        f"第{suggestion.number}号{what}答复（会签稿）" if countersign else f"第{suggestion.number}号{what}"
    )
    handler = item.handler
    return {
        "发文机关": item.unit.name,
        "发文字号": opinion.number or _unnumbered(item, "request"),
        "标题": f"关于请会签{of}答复的函" if countersign else f"关于征求{of}{item.co}意见的函",
        "称谓": f"{opinion.unit.name}：",
        "正文": _asked(opinion, of, annex),
        "附件": [annex],
        "落款单位": item.unit.name,
        "成文日期": zh(opinion.requested_on),
        "联系人": contact_line(handler.name, handler.phone) if handler else "",
        "附件标题": opinion.version.title if opinion.version else _open_title(item),
        "附件正文": body_of(opinion.version.blocks()) if opinion.version else _open_text(item),
    }


def _asked(opinion: CoOpinion, of: str, annex: str) -> list[str]:
    item = opinion.assignment
    due = zh(opinion.due_on) + ("（暂定）" if opinion.due_provisional else "")
    if opinion.kind == OpinionKind.COUNTERSIGN:
        lines = [f"{of}由我局主办、贵单位{item.co}。我局已研究起草答复，现将{annex}送上，请予会签。"]
        back = "请于{}前书面反馈会签意见；有修改意见的，请写明修改的内容和依据。"
    else:
        lines = [
            f"{of}《{_open_title(item)}》由我局主办、贵单位{item.co}。为做好办理工作，现请贵单位就职责范围内的事项提出{item.co}意见。"
        ]
        back = f"请于{{}}前将加盖公章的{item.co}意见送我局。意见请写明已采取的措施、下一步安排和完成时间；暂不能解决的，请说明原因和依据。"
    lines += [f"请就以下事项提出意见：{opinion.question}"] if opinion.question else []
    return [*lines, back.format(due)]


def _open_title(item: Assignment) -> str:
    return "（题目从略）" if item.suggestion.secret or item.suggestion.confidential else item.suggestion.title


def _open_text(item: Assignment) -> list[Piece]:
    if item.suggestion.secret:
        return ["（涉密件，原文按保密规定另行送达。）"]
    if item.suggestion.confidential:
        return ["（提出人要求保密，原文另行送达。）"]
    return [item.suggestion.text]


def consultation_facts(item: Assignment, version: ReplyVersion, *, to: str, on: str) -> Facts:
    """征求意见稿 (R35): the draft with a covering letter and a slip for the deputy's view. It has no number."""
    facts, suggestion = reply_facts(item, version, to=to), item.suggestion
    what, word = Kind(suggestion.kind).label, people(item)
    return {
        **facts,
        "标题": f"关于征求对第{suggestion.number}号{what}答复稿意见的函",
        "正文": [
            f"您提出的{suggestion.meeting.organ}第{suggestion.number}号{what}《{suggestion.title}》，我局已研究办理，起草了答复（征求意见稿）。现送您征求意见。",
            "如有修改意见和建议，请填写回执送回我局，或者直接告知联系人，我局将认真研究吸收。征求意见稿不是正式答复，不需要作出评价；正式答复另行送达。",
        ],
        "附件": ["答复（征求意见稿）", f"{word}意见回执"],
        "成文日期": on,
        "公开属性": "",
        "稿本标题": f"{version.title}（征求意见稿）",
        "稿本称谓": facts["称谓"],
        "稿本正文": facts["正文"],
        "编号": f"第{suggestion.number}号",
        "代表姓名": to,
        "联系方式": f"{item.unit.name}　{version.contact_name}　{version.contact_phone}".strip(),
    }


def people(item: Assignment) -> str:
    """代表 or 委员."""
    return "委员" if item.suggestion.kind == Kind.PROPOSAL else "代表"


def salutation(item: Assignment, to: str = "") -> str:
    """称谓 (R43): the one addressee; the lead proposer for all, where he passes the reply on; otherwise everybody."""
    if not item.answers:
        return f"{item.lead_unit.name if item.lead_unit else ''}："
    if item.through_lead and not to:
        return f"{item.addressees()[0]}等{item.suggestion.proposers.count()}名{people(item)}："
    return f"{to or '、'.join(item.addressees())}{people(item)}："


def contact_line(name: str, phone: str) -> str:
    return f"（联系人：{name}，电话：{phone}）" if name or phone else ""


def body_of(found: Iterable[Block]) -> list[Piece]:
    """正文 of a version's blocks, with its pictures."""
    found = list(found)
    stored = StoredFile.objects.in_bulk([one.file for one in found if one.kind == BlockKind.PICTURE])
    return [piece for one in found if (piece := _piece(one, stored.get(one.file)))]


def _piece(block: Block, file: StoredFile | None) -> Piece | None:
    if block.kind == BlockKind.TABLE:
        return Grid(block.rows)
    if block.kind != BlockKind.PICTURE:
        return block.plain
    if file is None or not file.content_type.startswith("image/"):
        return f"（图：{block.text}）" if block.text else None
    with file.file.open("rb") as data:
        return Figure(data.read(), block.text)


def _unnumbered(item: Assignment, series: str) -> str:
    return f"{item.profile.prefixes[series]}〔{_year(item, item.reply)}〕　号"


def _year(item: Assignment, reply: Reply | None) -> int:
    return (reply.signed_on if reply else item.assigned_on).year


def _disclosure(version: ReplyVersion) -> str:
    if not version.disclosure:
        return ""
    kind = Disclosure(version.disclosure)
    words = "摘要公开" if kind == Disclosure.SUMMARY else kind.label
    reason = f"，{version.disclosure_reason}" if version.disclosure_reason else ""
    return f"（此件{words}{reason}）"


# 版式


def letter(facts: Facts) -> Paper:
    """信函格式 (R42): a reply and an opinion are 函."""
    paper = Paper()
    paper.letter_head(text(facts, "发文机关"), text(facts, "发文字号"), str(facts.get("类别标记", "")))
    _main(paper, facts)
    _notes(paper, facts)
    paper.copies(text(facts, "抄送"))
    return paper


def ordinary(facts: Facts) -> Paper:
    """文件格式."""
    paper = Paper()
    paper.red_head(text(facts, "发文机关"), text(facts, "发文字号"), text(facts, "类别标记"))
    _main(paper, facts)
    _notes(paper, facts)
    copies = [f"抄送：{facts['抄送']}。"] if facts["抄送"] else []
    paper.record([*copies, f"{facts['印发机关']}\t{facts['印发日期']}印发"], lined=True)
    return paper


def request(facts: Facts) -> Paper:
    """征求协办意见函, the text it asks about as its annex."""
    paper = Paper()
    paper.letter_head(text(facts, "发文机关"), text(facts, "发文字号"))
    _main(paper, facts)
    _notes(paper, facts)
    paper.annex_mark(new_page=True)
    paper.title(text(facts, "附件标题"), above=1)
    paper.text(pieces(facts, "附件正文"))
    return paper


def consultation(facts: Facts) -> Paper:
    """征求意见稿: covering letter, the draft, the slip."""
    paper = Paper()
    paper.letter_head(text(facts, "发文机关"), "")
    _main(paper, facts)
    _notes(paper, facts)
    paper.annex_mark("附件1", new_page=True)
    paper.title(text(facts, "稿本标题"), above=1)
    paper.salutation(text(facts, "稿本称谓"))
    paper.text(pieces(facts, "稿本正文"))
    paper.annex_mark("附件2", new_page=True)
    paper.title("意见回执", above=1)
    view = "□ 同意　　□ 有修改意见　　□ 不同意"
    paper.form(
        [
            [Cell("编号", head=True), Cell(text(facts, "编号")), Cell("姓名", head=True), Cell(text(facts, "代表姓名"))],
            [Cell("态度", head=True), Cell(view, span=3)],
            [Cell("修改意见\n和建议", head=True), Cell(span=3, tall=90)],
            [Cell("签名", head=True), Cell(), Cell("日期", head=True), Cell("　　　年　　月　　日")],
            [Cell("送回", head=True), Cell(text(facts, "联系方式"), span=3)],
        ],
        (26, 52, 26, 52),
    )  # fmt: skip
    return paper


def _main(paper: Paper, facts: Facts) -> None:
    paper.title(text(facts, "标题"))
    paper.salutation(text(facts, "称谓"))
    paper.text(pieces(facts, "正文"))
    paper.annexes(names(facts, "附件"))
    paper.signature(text(facts, "落款单位"), text(facts, "成文日期"))


def _notes(paper: Paper, facts: Facts) -> None:
    for name in ("联系人", "公开属性"):
        paper.note(str(facts.get(name, "")))
