"""年度总结的材料 (S28, R73): every figure from the ledger, cases from the items, shortcomings from real lateness."""

from dataclasses import dataclass
from datetime import date

from huiyin.models import Assignment, Category, Meeting, Unit
from huiyin.queries import figures
from huiyin.queries.actors import items_for
from huiyin.queries.figures import Scope, short
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import ANSWERING, OPEN_COMMITMENT, SOUGHT, RoundKind

MOST_CASES = 2  # cases a field


@dataclass(frozen=True)
class Summary:
    """总结：its title and paragraphs, headings told by their numbering; `on` is its date."""

    unit: Unit
    title: tuple[str, str]
    lines: tuple[str, ...]
    on: date


def summary(actor: Actor, unit: Unit, meeting: Meeting, on: date) -> Summary:
    """Raises figures.DoesNotReconcile when the numbers do not add up: no summary is printed of such (R71)."""
    count = figures.counts(actor, Scope(meeting))
    rate = figures.rates(actor, Scope(meeting), on)
    items = _items(actor, meeting)
    lines = [
        _opening(meeting, count, rate, actor),
        "一、压实责任，强化建议办理的“力度”",
        *_duty(unit, meeting, items),
        "二、细化举措，强化建议办理的“精度”",
        *_care(items, rate),
        "三、狠抓落实，强化建议办理的“深度”",
        *_depth(items, actor, meeting),
        *_shortcomings(items, actor, meeting, on, rate),
        "在今后的工作中，我局将不断总结办理工作的经验和不足，进一步创新工作机制，认真分析研究，积极查漏补缺，充分吸取意见建议。在答复过程中变“被动应付”为“主动思考”，探索办理工作新途径，拓宽办理思路。加强人大建议办理后续的跟踪问效，确保人大建议落到实处。",
    ]
    return Summary(unit, (unit.name, f"{meeting.year}年市人大建议办理工作总结"), tuple(lines), on)


def _items(actor: Actor, meeting: Meeting) -> list[Assignment]:
    found = figures.counted_items(actor, Scope(meeting)).exclude(round_kind=RoundKind.REHANDLING)
    return list(
        found.select_related("suggestion__category", "suggestion__meeting", "section")
        .prefetch_related(
            "suggestion__proposers", "contacts", "activities", "opinions__unit", "commitments", "replies__version", "evaluations"
        )
        .order_by("suggestion__number_key")
    )  # fmt: skip


def _opening(meeting: Meeting, count: dict[str, int], rate: dict[str, figures.Value], actor: Actor) -> str:
    parts = [
        f"{label}{count[key]}件"
        for key, label in (("sole", "独办"), ("lead", "主办"), ("separate", "分办"), ("co", "协办"))
        if count[key]
    ]
    if count["second"]:
        earlier = _earlier(actor, meeting)
        parts.append(f"{earlier}B类件二次办理建议{count['second']}件")
    names = [name for _, name, *_ in figures.by_category(actor, Scope(meeting))]
    done, pleased = short(rate["completion"].percent), short(rate["satisfied_finally"].percent)
    returned = rate["returned_forms"]
    return (
        f"人大代表围绕我市经济社会发展提出的建议，充分反映了人民群众的意愿和要求。我局认真贯彻落实{meeting.organ}精神，"
        f"积极做好人大建议办理工作。{meeting.year}年，共承办{meeting.organ}代表建议{count['total']}件，其中{'，'.join(parts)}。"
        f"内容涵盖{'、'.join(names)}等多个方面。我局严格按照交办要求，在规定时限内书面提供答复意见，"
        f"达到办结率{done}、代表满意率{pleased}（收回征询意见表{returned.numerator}份，反馈率{short(returned.percent)}），现将有关情况总结如下："
    )


def _earlier(actor: Actor, meeting: Meeting) -> str:
    item = (
        items_for(actor)
        .filter(meeting=meeting, round_kind=RoundKind.SECOND)
        .select_related("suggestion__meeting")
        .first()
    )
    return item.suggestion.meeting.organ if item else ""


def _duty(unit: Unit, meeting: Meeting, items: list[Assignment]) -> list[str]:
    sections = {item.section_id for item in items if item.section_id}
    return [
        "我局高度重视人大建议办理工作，把人大建议办理工作作为了解社情民意的重要渠道，作为促进自然资源工作进一步向前发展的强大动力。"
        f"会议结束后，我局迅速组织制定办理工作方案，印发《{unit.name}关于做好{meeting.organ}代表建议办理工作的通知》，对人大建议进行责任分工，"
        f"将{len(items)}件建议落实到{len(sections)}个科室，逐件明确责任领导、具体办理科室（单位）、办理时限等事项。",
        "成立了由主要领导亲自挂帅、分管领导分口把关、各科室（单位）具体承办的工作机制。执行了办理工作“双线三把关”制度，"
        "即分管办理工作的局领导、办公室主任、专职人员三级负责制和分管业务局领导、承办科室（单位）、承办人三级负责制。"
        "将办理人大代表建议的工作列入议事日程，做到承办工作任务明确，责任到人。",
    ]


def _care(items: list[Assignment], rate: dict[str, figures.Value]) -> list[str]:
    answering = [item for item in items if item.part in ANSWERING]
    asked = [item for item in answering if any(one.state in SOUGHT for one in item.opinions.all())]
    opinions = [
        one for item in asked for one in item.opinions.all() if one.received_on and not one.countersigns
    ]
    adopted = sum(one.use == "adopted" for one in opinions)
    titles = "".join(
        f"《{item.suggestion.title}》" for item in sorted(asked, key=lambda one: -len(one.opinions.all()))[:3]
    )
    contacts = [one for item in answering for one in item.contacts.all()]
    stages = [sum(one.stage == stage for one in contacts) for stage in ("before", "during", "after")]
    lines = ["（一）促进与协办单位互动协作"]
    if asked:
        lines.append(
            f"充分发挥牵头、统筹、协调作用，对于涉及面比较广的，如{titles}等建议，主动与协办单位密切沟通，全年征求协办单位意见{len(opinions)}份，"
            f"采纳{adopted}份，将其成效举措纳入答复意见中，确保代表意见得到全面落实。"
        )
    co_rate = rate["co_on_time"]
    if co_rate.denominator:
        lines.append(
            f"对协办的建议，主动向主办单位提出协办意见，按时提出率{short(co_rate.percent)}（{co_rate.numerator}／{co_rate.denominator}件）。"
        )
    lines += [
        "（二）加强与代表联系沟通",
        "坚持把工作实效和代表满意作为衡量建议办理工作的标准，做到与代表沟通在前，起草答复在后，加强建议办理实效性。"
        f"全年与代表沟通{len(contacts)}次，其中办理前{stages[0]}次、办理中{stages[1]}次、办理后{stages[2]}次，"
        f"沟通率{short(rate['contact'].percent)}，见面率{short(rate['met'].percent)}。办理前，主动与代表沟通联系，找准问题症结；"
        "办理中，积极征询代表的意见，做到发现问题，及时解决；办理后，将办理结果及时向代表反馈。",
        "（三）优化办理工作机制",
        "建立了分级分类建议办理工作机制，明确了严把交办关、审核关、签发关的三关工作程序。建立工作台账，专人负责统筹协调，加强跟踪督办，"
        f"围绕建议办结时限、质量、落实进行严格督查，按时答复率{short(rate['on_time'].percent)}，形成了从接受到办理再到督导反馈环环相扣的工作流程。",
    ]
    return lines


def _depth(items: list[Assignment], actor: Actor, meeting: Meeting) -> list[str]:
    lead = [item for item in items if item.part in ANSWERING and item.round_kind == RoundKind.FIRST]
    fields: dict[Category, list[Assignment]] = {}
    for item in lead:
        if item.suggestion.category:
            fields.setdefault(item.suggestion.category, []).append(item)
    ranked = sorted(fields.items(), key=lambda pair: (-len(pair[1]), pair[0].order))[:2]
    names = "、".join(category.name for category, _ in ranked)
    lines = [
        "我局把人大建议办理工作作为推进业务工作的抓手，认真研究解决有关群众切身利益的实际问题。"
        f"在今年我局主办的{len(lead)}件人大代表建议中，代表较为关心{names}有关事宜。"
    ]
    for place, (category, rows) in enumerate(ranked):
        lines.append(f"（{'一二'[place]}）{category.name}方面")
        best = sorted(
            rows,
            key=lambda one: (
                one.suggestion.level != "key",
                -len(one.activities.all()),
                one.suggestion.number_key,
            ),
        )
        lines += [_case(item) for item in best[:MOST_CASES]]
    return lines


def _case(item: Assignment) -> str:
    """一件的事例: what was done, from its own activities, promises and evaluation."""
    parts = [f"针对人大建议第{item.suggestion.number}号《{item.suggestion.title}》，"]
    activities = list(item.activities.all())
    if activities:
        places = "、".join(dict.fromkeys(one.place for one in activities))
        times = f"先后{len(activities)}次" if len(activities) > 1 else "组织工作组"
        parts.append(f"我局{times}到{places}调研座谈。{activities[-1].findings}")
    else:
        contacts = list(item.contacts.all())
        parts.append(
            f"我局{len(contacts)}次与代表沟通，深入开展调查核实。" if contacts else "我局深入开展调查核实。"
        )
    if item.reply:
        letter = item.reply.version.outcome_class
        parts.append(f"经研究办理，答复为{letter}类。" if letter else "")
    kept = [one for one in item.commitments.all() if one.state == "fulfilled"]
    if kept:
        parts.append("答复承诺的" + "；".join(one.content.rstrip("。") for one in kept) + "，已经落实。")
    for one in item.evaluations.all():
        parts.append(
            f"代表对办理态度表示{one.get_attitude_display()}，对答复意见表示{one.get_outcome_display()}。"
        )
    return "".join(parts)


def _shortcomings(
    items: list[Assignment], actor: Actor, meeting: Meeting, on: date, rate: dict[str, figures.Value]
) -> list[str]:
    """不足：real lateness, open promises, silent deputies, visits not made; the standing sentence only when none."""
    found = []
    late = figures.not_on_time(actor, Scope(meeting), on)
    if failed := [item for item in items if item.pk in late]:
        numbers = "、".join(f"第{item.suggestion.number}号" for item in failed)
        found.append(f"{len(failed)}件建议未能在时限内答复（{numbers}）")
    long = [f"第{item.suggestion.number}号{why}" for item in items if (why := _unfinished(item))]
    if long:
        found.append(f"个别人大建议涉及到长期性的工作，未能在短时间内解决（{'、'.join(long)}）")
    silent = rate["returned_forms"].denominator - rate["returned_forms"].numerator
    if silent:
        found.append(f"{silent}件未收回代表评价")
    kept, due = figures.promises(actor, Scope(meeting), on)
    tail = (
        f"答复中的承诺事项到期落实率{short(figures.percent(kept, due))}（{kept}／{due}项）。" if due else ""
    )
    found.append("对人大建议落实情况的跟踪回访还需进一步强化")
    return [
        f"总的来看，今年的人大建议办理工作取得了一定成绩，{tail}但也仍然存在一些差距和不足：{'；'.join(found)}。"
    ]


def _unfinished(item: Assignment) -> str:
    """Why the matter itself is not settled, though the reply was given; empty when it is."""
    if any(one.state in OPEN_COMMITMENT for one in item.commitments.all()):
        return "的承诺事项仍在推进"
    letter = item.current_class()
    scheme = item.profile.classes.get(letter) if letter else None
    return f"答复为{letter}类" if scheme and not scheme.solved and not scheme.follow_up else ""
