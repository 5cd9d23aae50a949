"""办理情况通报：how the year's work stands on a day: progress by section, who is late, what is waited for, what is new."""

from datetime import date

from django.db.models import F

from huiyin.models import Assignment, CoOpinion, Meeting, Unit, YearPaper
from huiyin.queries import figures
from huiyin.queries.annual import Summary, drawn, kinds
from huiyin.queries.figures import Scope
from huiyin.queries.formulas import ANSWERS, ATTITUDE, OUTCOME
from huiyin.queries.quotable import ROWS
from huiyin.queries.quoted import Quoted
from huiyin.rules.dates import md, zh
from huiyin.rules.matter import Matter
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Kind, YearPaperKind

COLUMNS = (
    ("承办", "total"), ("已答复", "replied"), ("未答复", "waiting"), ("逾期", "late"), ("15日内到期", "soon"),
    ("已沟通", "contacted"), ("已见面", "met"), ("办结率", "completion"),
)  # fmt: skip
MOST_LATE, MOST_ASKED, MOST_GOOD = 40, 40, 3
EARLY = 5  # days before its date that an answer of good practice was given


def since_of(paper: YearPaper) -> date | None:
    """上期截至: the day of the bulletin before it."""
    if paper.kind != YearPaperKind.BULLETIN:
        return None
    rows = YearPaper.objects.filter(
        unit=paper.unit_id,
        meeting=paper.meeting_id,
        kind=paper.kind,
        matter=paper.matter,
        issue__lt=paper.issue,
    )
    return rows.order_by("-issue").values_list("on", flat=True).first()


def bulletin(
    actor: Actor, unit: Unit, meeting: Meeting, on: date, *, kind: Kind | None, issue: int, since: date | None
) -> Summary:
    """第N期. Raises figures.DoesNotReconcile."""
    scope, matter = Scope(meeting, kind), kinds(actor, meeting, kind)
    figures.counts(actor, scope)
    quoted = Quoted(actor, scope, on, since)
    good = _good(quoted, matter)
    lines = [
        "各科室（单位）：",
        f"现将截至⟦on⟧{meeting.organ}{matter.listed}办理情况通报如下：",
        "一、总体进度",
        *_progress(matter, since),
        "二、各科室（单位）进度",
        *_table(actor, scope, quoted),
        "三、逾期未答复情况",
        *_late(quoted, matter),
        "四、协办意见情况",
        *_opinions(quoted),
        f"五、{matter.people}评价情况",
        *_ratings(quoted, matter),
        *good,
        f"{'七' if good else '六'}、下一步要求",
        *_wanted(quoted, matter),
    ]
    name = matter.name.replace("人大", "市人大").replace("政协", "市政协")
    return drawn(unit, f"{meeting.year}年{name}办理情况通报（第{issue}期）", lines, quoted)


def _progress(matter: Matter, since: date | None) -> list[str]:
    lines = [
        f"共承办{matter.noun}⟦at.total⟧件，已签收⟦at.accepted⟧件，已答复⟦at.replied⟧件，办结率⟦at.completion⟧，其中在时限内答复⟦at.timely⟧件；"
        "未答复⟦at.waiting⟧件，其中逾期⟦at.late⟧件，15日内到期⟦at.soon⟧件。"
        f"须由我局答复{matter.people}的⟦at.answering⟧件中，已与{matter.people}沟通⟦at.contacted⟧件，沟通率⟦at.contact⟧；当面沟通⟦at.met⟧件，见面率⟦at.meeting⟧。"
    ]
    if since:
        lines.append(
            "与上期（截至⟦since⟧）相比，新交办⟦new.received⟧件，新答复⟦new.replied⟧件，新沟通⟦new.contacted⟧件，"
            "新收回评价⟦new.rated⟧件；上期逾期的已答复⟦new.cleared⟧件，新增逾期⟦new.late⟧件。"
        )
    return lines


def _row(*cells: str) -> str:
    return f"|{'|'.join(cell.replace('|', '｜') for cell in cells)}|"


def _table(actor: Actor, scope: Scope, quoted: Quoted) -> list[str]:
    """各科室的进度, a row each, and the total."""
    named = quoted.main.filter(quoted.picks["at.total"].counted).order_by(
        F("section__order").asc(nulls_last=True), "section"
    )
    sections = list(named.values_list("section", "section__short_name").distinct())
    rows = [
        _row(name or "未定科室", *(f"⟦at.{key}:{'null' if pk is None else pk}⟧" for _, key in COLUMNS))
        for pk, name in dict(sections).items()
    ]
    return [
        _row("科室（单位）", *(label for label, _ in COLUMNS)),
        *rows,
        _row("合计", *(f"⟦at.{key}⟧" for _, key in COLUMNS)),
    ]


def _late(quoted: Quoted, matter: Matter) -> list[str]:
    found = quoted.main.filter(quoted.picks["at.late"].counted).select_related(
        "suggestion", "section", "responsible_leader", "handler"
    ).order_by("due_on", "number_key")  # fmt: skip
    items = list(found[: MOST_LATE + 1])
    if not items:
        return ["没有逾期未答复的件。"]
    rows = [
        _row(
            f"⟦item:{one.pk}⟧", one.suggestion.title, one.section.short_name if one.section else "—",
            one.responsible_leader.name if one.responsible_leader else "—", one.handler.name if one.handler else "—",
            zh(one.due_on) if one.due_on else "—", f"⟦days:{one.pk}⟧",
        )
        for one in items[:MOST_LATE]
    ]  # fmt: skip
    more = [f"以上列出时限最早的{MOST_LATE}件，其余见台账。"] if len(items) > MOST_LATE else []
    head = _row("编号", "标题", "承办科室", "责任领导", "承办人", "办理时限", "逾期")
    return [
        f"逾期未答复的{matter.noun}⟦at.late⟧件，请责任领导督促、承办科室（单位）说明原因：",
        head,
        *rows,
        *more,
    ]


def _opinions(quoted: Quoted) -> list[str]:
    waiting = ROWS["opinions.waiting"](quoted).rows
    rows: list[CoOpinion] = list(waiting.select_related("assignment__suggestion", "unit")[: MOST_ASKED + 1])
    if not rows:
        return ["已发函征求的协办意见均已收到。"]
    table = [
        _row(
            f"⟦item:{one.assignment_id}⟧",
            one.unit.short_name,
            zh(one.requested_on),
            zh(one.due_on),
            f"⟦waited:{one.pk}⟧",
        )
        for one in rows[:MOST_ASKED]
    ]
    more = [f"以上列出{MOST_ASKED}份，其余见督办看板。"] if len(rows) > MOST_ASKED else []
    said = "协办单位还没有提出的意见⟦opinions.waiting⟧份，其中逾期⟦opinions.late⟧份，请承办科室抓紧联系："
    return [said, _row("编号", "协办单位", "发函日期", "请于何日前提出", "逾期"), *table, *more]


def _ratings(quoted: Quoted, matter: Matter) -> list[str]:
    if quoted.value("at.rated") == "0":
        return [f"还没有收回{matter.people}的评价。"]
    said = (
        f"已收回{matter.people}评价⟦at.rated⟧件，按办理规程计为满意的⟦at.pleased⟧件，满意率⟦at.satisfied⟧。"
    )
    rated = quoted.main.filter(ANSWERS, rated_on__lte=quoted.on)
    bad = rated.exclude(ATTITUDE & OUTCOME).order_by("number_key")
    named = [f"⟦item:{pk}⟧" for pk in bad.values_list("pk", flat=True)[:10]]
    return [said + (f"{'、'.join(named)}评价为不满意，须重新办理、当面沟通。" if named else "")]


def _good(quoted: Quoted, matter: Matter) -> list[str]:
    """好的做法: answered well before its date, after meeting the proposer, none of it dissatisfied."""
    found = quoted.main.filter(
        ANSWERS, replied_on__lte=quoted.on, met_on__lte=quoted.on, late=False, due_on__gt=F("replied_on")
    ).exclude(attitude_satisfied=False).exclude(outcome_satisfied=False)  # fmt: skip
    items = sorted(found.select_related("suggestion", "section", "handler"), key=_margin)
    good = [one for one in items if -_margin(one) >= EARLY][:MOST_GOOD]
    if not good:
        return []
    told = [
        f"⟦item:{one.pk}⟧（{one.section.short_name if one.section else ''}{one.handler.name if one.handler else ''}承办）"
        f"当面听取{matter.people}意见，提前⟦early:{one.pk}⟧答复"
        + (f"，{matter.people}评价满意" if one.rated_on and one.rated_on <= quoted.on else "")
        for one in good
    ]  # fmt: skip
    return ["六、好的做法", "；".join(told) + "。"]


def _margin(item: Assignment) -> int:
    """Days from its date to the answer: below zero when it came before."""
    return (item.replied_on - item.due_on).days if item.replied_on and item.due_on else 0


def _wanted(quoted: Quoted, matter: Matter) -> list[str]:
    """下一步要求, by what the figures say."""
    found = []
    if quoted.value("at.late") != "0":
        found.append(
            "逾期未答复的，责任领导要亲自过问，承办科室须于本通报印发后5个工作日内办结，或者书面说明原因和办结时间"
        )
    if quoted.value("at.soon") != "0":
        found.append(
            f"15日内到期的⟦at.soon⟧件，承办科室要倒排时间，在{md(date.fromordinal(quoted.on.toordinal() + 15))}前完成审签，不得再逾期"
        )
    if quoted.value("at.answering") != quoted.value("at.contacted"):
        found.append(f"还没有与{matter.people}沟通的，须先沟通、后起草，并如实登记沟通情况")
    if quoted.value("opinions.waiting") != "0":
        found.append("协办意见未到的，承办科室要主动联系协办单位，必要时由办公室发催办单")
    found.append(f"各科室（单位）要对照答复中的承诺，加强跟踪问效，确保{matter.noun}落到实处")
    return [f"{place}.{one}。" for place, one in enumerate(found, 1)]
