"""年度总结 (S28, R73): in the document's own structure, every figure from the ledger and known by its key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from huiyin.models import Assignment, Meeting, Unit
from huiyin.queries import cases, figures, promises
from huiyin.queries.actors import items_for
from huiyin.queries.figures import Scope
from huiyin.queries.formulas import ANSWERS, MAIN
from huiyin.queries.quoted import Quoted
from huiyin.queries.reconciliation import must_reconcile
from huiyin.rules.anchors import Anchor, fill, keys_in
from huiyin.rules.matter import Matter, matter_of
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import NOT_COUNTED, OPEN_COMMITMENT, SOUGHT, Kind, RoundKind

FIRST_PART = "一、压实责任，强化{}办理的“力度”"
SECOND_PART = "二、细化举措，强化{}办理的“精度”"
THIRD_PART = "三、狠抓落实，强化{}办理的“深度”"
AFTER_ALL = "总的来看，"  # begins the paragraph after the cases
MOST_NAMED = 10  # items named one by one in a sentence


@dataclass(frozen=True)
class Summary:
    """一篇文稿：its title and paragraphs, headings told by their numbering; where its figures stand; `on` is its date."""

    unit: Unit
    title: tuple[str, str]
    lines: tuple[str, ...]
    on: date
    anchors: tuple[Anchor, ...] = ()

    @property
    def body(self) -> str:
        return "\n".join(self.lines)


def drawn(unit: Unit, title: str, lines: Sequence[str], quoted: Quoted) -> Summary:
    """The paper with its figures filled in."""
    quoted.load(keys_in(lines))
    body, anchors = fill("\n".join(" ".join(line.split()) for line in lines if line.strip()), quoted.value)
    return Summary(unit, (unit.name, title), tuple(body.split("\n")), quoted.on, tuple(anchors))


def kinds(actor: Actor, meeting: Meeting, kind: Kind | None) -> Matter:
    """What the year's work is about: suggestions, proposals, or both."""
    if kind:
        return matter_of(kind)
    rows = items_for(actor).filter(meeting=meeting).exclude(status__in=NOT_COUNTED).order_by()
    return matter_of(*(Kind(one) for one in rows.values_list("suggestion__kind", flat=True).distinct()))


def summary(
    actor: Actor, unit: Unit, meeting: Meeting, on: date, *, kind: Kind | None = None,
    chosen: Sequence[int] | None = None,
) -> Summary:  # fmt: skip
    """Raises figures.DoesNotReconcile when the numbers do not add up: no summary is printed of such (R71). `chosen`: the
    items told as cases, in their order."""
    scope, matter = Scope(meeting, kind), kinds(actor, meeting, kind)
    must_reconcile(actor, scope, on)
    count, items, found = figures.counts(actor, scope), _items(actor, scope), cases.fields(actor, scope)
    noun = matter.name if matter.name != "人大建议" else "建议"
    lines = [
        _opening(meeting, matter, count, actor, scope),
        FIRST_PART.format(noun),
        *_duty(unit, meeting, matter),
        SECOND_PART.format(noun),
        *_care(items, matter, actor, scope, on),
        THIRD_PART.format(noun),
        *depth(found, matter, cases.proposed(found) if chosen is None else chosen),
        _shortcomings(items, matter, actor, scope, on),
        "在今后的工作中，我局将不断总结办理工作的经验和不足，进一步创新工作机制，认真分析研究，积极查漏补缺，充分吸取意见建议。在答复过程中变“被动应付”为“主动思考”，"
        f"探索办理工作新途径，拓宽办理思路。加强{matter.name}办理后续的跟踪问效，确保{matter.name}落到实处。",
    ]  # fmt: skip
    named = matter.name.replace("人大", "市人大").replace("政协", "市政协")
    return drawn(unit, f"{meeting.year}年{named}办理工作总结", lines, Quoted(actor, scope, on))


def _items(actor: Actor, scope: Scope) -> list[Assignment]:
    """What is answered by us, with what the sentences read."""
    found = figures.counted_items(actor, scope).filter(MAIN & ANSWERS)
    return list(
        found.select_related("suggestion").prefetch_related(
            "opinions", "commitments", "class_changes", "replies__version"
        ).order_by("number_key")
    )  # fmt: skip


def parts_of(count: dict[str, int]) -> str:
    """主办⟦lead⟧件，协办⟦co⟧件: the parts that there are."""
    labels = (("sole", "独办"), ("lead", "主办"), ("separate", "分办"), ("co", "协办"))
    return "，".join(f"{label}⟦{key}⟧件" for key, label in labels if count[key])


def _opening(meeting: Meeting, matter: Matter, count: dict[str, int], actor: Actor, scope: Scope) -> str:
    parts = [parts_of(count)] if parts_of(count) else []
    if count["second"]:
        parts.append(f"{_earlier(actor, scope)}B类件二次办理{matter.noun}⟦second⟧件")
    names = [f"⟦category:{pk}⟧" if pk else name for pk, name, *_ in figures.by_category(actor, scope)]
    return (
        f"{matter.from_whom}围绕我市经济社会发展提出的{matter.noun}，充分反映了人民群众的意愿和要求。我局认真贯彻落实{meeting.organ}精神，"
        f"积极做好{matter.name}办理工作。{meeting.year}年，共承办{meeting.organ}{matter.listed}⟦total⟧件{'，其中' if parts else ''}{'，'.join(parts)}。"
        f"内容涵盖{'、'.join(names)}等多个方面。我局严格按照交办要求，在规定时限内书面提供答复意见，"
        f"达到办结率⟦completion⟧、{matter.people}满意率⟦satisfied_finally⟧（收回征询意见表⟦returned_forms.num⟧份，反馈率⟦returned_forms⟧），现将有关情况总结如下："
    )


def _earlier(actor: Actor, scope: Scope) -> str:
    second = figures.counted_items(actor, scope).filter(round_kind=RoundKind.SECOND)
    item = second.select_related("suggestion__meeting").first()
    return item.suggestion.meeting.organ if item else ""


def _duty(unit: Unit, meeting: Meeting, matter: Matter) -> list[str]:
    return [
        f"我局高度重视{matter.name}办理工作，把{matter.name}办理工作作为了解社情民意的重要渠道，作为促进各项工作进一步向前发展的强大动力。"
        f"会议结束后，我局迅速组织制定办理工作方案，印发《{unit.name}关于做好{meeting.organ}{matter.listed}办理工作的通知》，对{matter.name}进行责任分工，"
        f"将⟦total⟧件{matter.noun}落实到⟦sections⟧个科室，逐件明确责任领导、具体办理科室（单位）、办理时限等事项。",
        "成立了由主要领导亲自挂帅、分管领导分口把关、各科室（单位）具体承办的工作机制。执行了办理工作“双线三把关”制度，"
        "即分管办理工作的局领导、办公室主任、专职人员三级负责制和分管业务局领导、承办科室（单位）、承办人三级负责制。"
        f"将办理{matter.listed}的工作列入议事日程，做到承办工作任务明确，责任到人。",
    ]  # fmt: skip


def _care(items: list[Assignment], matter: Matter, actor: Actor, scope: Scope, on: date) -> list[str]:
    asked = [item for item in items if any(one.state in SOUGHT for one in item.opinions.all())]
    widest = sorted(asked, key=lambda one: -len(one.opinions.all()))[:3]
    lines = ["（一）促进与协办单位互动协作"]
    if asked:
        lines.append(
            f"充分发挥牵头、统筹、协调作用，对于涉及面比较广的，如{''.join(f'《{item.suggestion.title}》' for item in widest)}等{matter.noun}，"
            "主动与协办单位密切沟通，全年征求协办单位意见⟦opinions.received⟧份，"
            f"采纳⟦opinions.adopted⟧份，将其成效举措纳入答复意见中，确保{matter.people}意见得到全面落实。"
        )
    if figures.rates(actor, scope, on)["co_on_time"].denominator:
        lines.append(
            f"对协办的{matter.noun}，主动向主办单位提出协办意见，按时提出率⟦co_on_time⟧（⟦co_on_time.num⟧／⟦co_on_time.den⟧件）。"
        )
    return [
        *lines,
        f"（二）加强与{matter.people}联系沟通",
        f"坚持把工作实效和{matter.people}满意作为衡量{matter.noun}办理工作的标准，做到与{matter.people}沟通在前，起草答复在后，加强{matter.noun}办理实效性。"
        f"全年与{matter.people}沟通⟦contacts⟧次，其中办理前⟦contacts.before⟧次、办理中⟦contacts.during⟧次、办理后⟦contacts.after⟧次，"
        f"沟通率⟦contact⟧，见面率⟦met⟧。办理前，主动与{matter.people}沟通联系，找准问题症结；"
        f"办理中，积极征询{matter.people}的意见，做到发现问题，及时解决；办理后，将办理结果及时向{matter.people}反馈。",
        "（三）优化办理工作机制",
        f"建立了分级分类{matter.noun}办理工作机制，明确了严把交办关、审核关、签发关的三关工作程序。建立工作台账，专人负责统筹协调，加强跟踪督办，"
        f"围绕{matter.noun}办结时限、质量、落实进行严格督查，按时答复率⟦on_time⟧，形成了从接受到办理再到督导反馈环环相扣的工作流程。",
    ]  # fmt: skip


def depth(
    found: Sequence[cases.Field], matter: Matter, chosen: Sequence[int], kept: dict[int, str] | None = None
) -> list[str]:
    """三、下面的各段：what deputies care about, and the cases chosen."""
    picked = set(chosen)
    told = [one for one in found if one.category and any(case.item.pk in picked for case in one.cases)]
    told = told or [one for one in found if one.category][: cases.FIELDS]
    names = "、".join(f"⟦category:{one.category.pk}⟧" for one in told if one.category)
    cared = f"，{matter.people}较为关心{names}有关事宜" if names else ""
    return [
        "我局把办理工作作为推进业务工作的抓手，认真研究解决有关群众切身利益的实际问题。"
        f"在今年我局主办的⟦ours⟧件{matter.listed if matter.people != '代表' else '人大代表建议'}中{cared}。",
        *cases.paragraphs(found, chosen, kept),
    ]


def _shortcomings(items: list[Assignment], matter: Matter, actor: Actor, scope: Scope, on: date) -> str:
    """不足：real lateness, open promises, silent deputies, visits not made; the standing sentence only when none."""
    quoted = Quoted(actor, scope, on)
    found = []
    if (late := _late(actor, scope, on)) and quoted.value("on_time.not") != "0":
        found.append(f"⟦on_time.not⟧件{matter.noun}未能在时限内答复（{_named(late)}）")
    long = [f"⟦item:{item.pk}⟧{why}" for item in items if (why := _unfinished(item))]
    if long:
        found.append(f"个别{matter.name}涉及到长期性的工作，未能在短时间内解决（{_listed(long)}）")
    if quoted.value("returned_forms.not") != "0":
        found.append(f"⟦returned_forms.not⟧件未收回{matter.people}评价")
    missed = quoted.value("visits.missed") != "0"
    found.append(
        f"对{matter.name}落实情况的跟踪回访还需进一步强化{'，⟦visits.missed⟧次回访到期没有做' if missed else ''}"
    )
    _, due = promises.rate(actor, scope, on)
    tail = "答复中的承诺事项到期落实率⟦promises⟧（⟦promises.kept⟧／⟦promises.due⟧项）。" if due else ""
    return f"{AFTER_ALL}今年的{matter.name}办理工作取得了一定成绩，{tail}但也仍然存在一些差距和不足：{'；'.join(found)}。"


def _late(actor: Actor, scope: Scope, on: date) -> list[int]:
    late = figures.not_on_time(actor, scope, on)
    rows = items_for(actor).filter(pk__in=late).order_by("number_key")
    return list(rows.values_list("pk", flat=True)[: MOST_NAMED + 1])


def _named(items: Sequence[int]) -> str:
    return _listed([f"⟦item:{pk}⟧" for pk in items])


def _listed(words: Sequence[str]) -> str:
    return "、".join(words[:MOST_NAMED]) + ("等" if len(words) > MOST_NAMED else "")


def _unfinished(item: Assignment) -> str:
    """Why the matter itself is not settled, though the reply was given; empty when it is."""
    if any(one.state in OPEN_COMMITMENT for one in item.commitments.all()):
        return "的承诺事项仍在推进"
    letter = item.current_class()
    scheme = item.profile.classes.get(letter) if letter else None
    return f"答复为{letter}类" if scheme and not scheme.solved and not scheme.follow_up else ""
