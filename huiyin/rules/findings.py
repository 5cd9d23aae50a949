"""查到的 (R38, S15): what is found of an item and its draft, matter by matter. None where the matter does not arise;
otherwise every reason why it is not as it should be, or what shows that it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huiyin.rules.dates import md
from huiyin.rules.vocabulary import (
    ANSWERING,
    BEFORE_REPLY,
    BUSINESS_LINE,
    SIX,
    Disclosure,
    Gate,
    Kind,
    Level,
    OpinionState,
    OpinionUse,
    RoundKind,
    Stage,
    Standing,
)

if TYPE_CHECKING:
    from huiyin.models import Assignment, Contact, CoOpinion, ReplyVersion

ENOUGH = 50  # characters of a reply that says something


@dataclass(frozen=True)
class Link:
    """佐证：words and the address they lead to, as plain data; the web layer makes the link."""

    text: str
    url: str = ""
    args: tuple[int, ...] = ()


@dataclass(frozen=True)
class Finding:
    """查到的：every reason why it fails, or what shows that it holds (`said`)."""

    reasons: tuple[str, ...] = ()
    said: str = ""
    evidence: tuple[Link, ...] = ()


def _found(*reasons: str, said: str = "", evidence: Iterable[Link] = ()) -> Finding:
    return Finding(reasons, said, tuple(evidence))


# 交办关


def _lacking(item: Assignment) -> list[str]:
    """交办事项里还缺的 (R12); with nobody to sign, the item would be locked at the last gate."""
    needed = dict.fromkeys((*SIX, *item.chain(Gate.ISSUE)))
    missing = [role.label for role in needed if item.person_id(role) is None]
    missing += [] if item.responsible_leader_id else ["责任领导"]
    missing += [] if item.section_id else ["承办科室"]
    return missing + ([] if item.due_on else ["办理时限"])


def people(item: Assignment, _: ReplyVersion | None) -> Finding:
    if missing := _lacking(item):
        return _found(f"交办事项不全，还缺：{'、'.join(missing)}")
    people = [f"{role.label}{person.name}" for role in SIX if (person := item.person(role))]
    return _found(said="、".join(people))


def levels(item: Assignment, _: ReplyVersion | None) -> Finding:
    named = [one for role in BUSINESS_LINE if (one := item.person_id(role)) is not None]
    if len(set(named)) < len(named):
        return _found("承办人、科室负责人、分管业务局领导须为不同的人")
    return _found(said="业务线三级不是同一人")


def limit(item: Assignment, _: ReplyVersion | None) -> Finding | None:
    if item.due_on is None:
        return None
    note = "（暂定）" if item.due_provisional else ""
    return _found(
        said=f"{md(item.due_on)}{note}前答复", evidence=[Link("全部时限", "item_dates", (item.pk,))]
    )


def level(item: Assignment, _: ReplyVersion | None) -> Finding:
    signs = "、".join(f"{one.label}签发" for one in item.chain(Gate.ISSUE))
    return _found(said=f"{Level(item.suggestion.level).label}件，{item.part_label()}，{signs}")


# 沟通


def contact(item: Assignment, _: ReplyVersion | None) -> Finding | None:
    if not item.profile.contact_required or item.part not in ANSWERING:
        return None
    if rows := _contacts(item):
        days = "、".join(f"{md(one.on)}{one.get_method_display()}" for one in rows)
        return _found(said=f"沟通{len(rows)}次：{days}")
    if item.exemption_granted():
        return _found(said="经分管领导批准免予办前沟通")
    return _found("还没有与代表沟通的记录：沟通在前，起草答复在后。请先登记沟通，或由分管领导批准免予")


def _contacts(item: Assignment, *stages: Stage) -> list[Contact]:
    rows = [one for one in item.rows("contacts") if one.on >= item.assigned_on]
    return sorted((one for one in rows if not stages or one.stage in stages), key=lambda one: one.on)


def stages(item: Assignment, _: ReplyVersion | None) -> Finding | None:
    if not item.profile.contact_required or item.part not in ANSWERING or not _contacts(item):
        return None
    wanted = (Stage.DURING,) if item.exemption_granted() else (Stage.BEFORE, Stage.DURING)
    missing = [stage.label for stage in wanted if not _contacts(item, stage)]
    if missing:
        return _found(*(f"没有{one}沟通的记录" for one in missing))
    days = [f"{stage.label}{md(_contacts(item, stage)[0].on)}" for stage in wanted]
    return _found(said="、".join(days))


def met(item: Assignment, _: ReplyVersion | None) -> Finding | None:
    if item.suggestion.level != Level.KEY or item.part not in ANSWERING:
        return None
    if item.met_face_to_face():
        return _found(said="重点督办件已当面听取代表意见")
    return _found("重点督办件须当面听取代表意见，还没有走访、面谈或座谈的记录")


def met_again(item: Assignment, _: ReplyVersion | None) -> Finding | None:
    if item.round_kind != RoundKind.REHANDLING:
        return None
    if item.met_face_to_face():
        return _found(said="重新办理件已再次当面沟通")
    return _found("重新办理件须与代表当面沟通至少一次")


def consulted(item: Assignment, _: ReplyVersion | None) -> Finding | None:
    rows = [one for version in item.rows("versions__consultations") for one in version.consultations.all()]
    if not item.profile.consult_required and not rows:
        return None
    lead, required = item.suggestion.lead, item.profile.consult_required
    if required and lead and lead.pk not in {one.proposer_id for one in rows}:
        return _found(f"本地规程要求送审前送代表征求意见，还没有送领衔代表{item.named([lead.name])}")
    waited = [one for one in rows if one.answered_on is None]
    if waited and required:
        return _found(f"征求意见稿还有{len(waited)}位代表没有答复；满15天没有回复的，登记未表示意见")
    heard = "、".join(f"{md(one.answered_on)}{one.get_consent_display()}" for one in rows if one.answered_on)
    return _found(said=f"征求意见稿已送{len(rows)}人次{'：' if heard else ''}{heard}")


# 协办意见


def opinions(item: Assignment, _: ReplyVersion | None) -> Finding | None:
    found, settled = [], []
    for one in item.rows("opinions"):
        if one.state == OpinionState.REQUESTED:
            found.append(f"{one.unit.short_name}的{_kind(one)}还没有收到，也没有标注逾期未提交")
        elif one.state == OpinionState.RECEIVED and one.use == OpinionUse.PENDING:
            found.append(f"{one.unit.short_name}的{_kind(one)}未标注采纳情况")
        elif one.state in {OpinionState.RECEIVED, OpinionState.MISSING}:
            settled.append(one)
    if not found and not settled:
        return None
    said = [f"{one.unit.short_name}{_settled(one)}" for one in settled]
    papers = [Link(f"{one.unit.short_name}来函", "file", (one.paper_id,)) for one in settled if one.paper_id]
    return _found(*found, said=f"协办意见{len(settled)}家：{'、'.join(said)}", evidence=papers)


def _kind(one: CoOpinion) -> str:
    return "会签意见" if one.countersigns else "协办意见"


def _settled(one: CoOpinion) -> str:
    if one.state != OpinionState.RECEIVED:
        return "逾期未提交"
    return "会签同意" if one.agreed else one.get_use_display()


def sources(item: Assignment, version: ReplyVersion | None) -> Finding | None:
    adopted = [one for one in item.rows("opinions") if one.use == OpinionUse.ADOPTED and not one.countersigns]
    if not adopted:
        return None
    sources = set(version.sources()) if version else set()
    missing = [one.unit.short_name for one in adopted if one.unit_id not in sources]
    return _found(
        *(f"{one}的意见标注为采纳，但稿本里没有注明来源的段落" for one in missing),
        said=f"采纳的{len(adopted)}家意见在稿本中都注明了来源",
    )


# 稿本


def text(_: Assignment, version: ReplyVersion | None) -> Finding:
    if version is None:
        return _found("还没有起草稿本")
    found = [] if version.title.strip() else ["还没有写标题"]
    length = len(version.clean_body())
    found += [] if length >= ENOUGH else [f"正文还没有写完（不足{ENOUGH}字）"]
    place = Link(f"稿本{version.number}", "version", (version.assignment_id, version.number))
    return _found(*found, said=f"正文{length}字", evidence=[place])


def title(item: Assignment, version: ReplyVersion | None) -> Finding | None:
    if version is None or item.part not in ANSWERING:
        return None
    number, organ = item.suggestion.number, item.suggestion.meeting.organ
    found = [] if number in version.title else [f"标题里没有编号“{number}”"]
    found += [] if organ in version.title else [f"标题里没有届次“{organ}”"]
    return _found(*found, said=f"标题写明{organ}第{number}号")


def salutation(item: Assignment, _: ReplyVersion | None) -> Finding:
    count = len(item.addressees())
    if not count:
        return _found("没有收件人，称谓写不全")
    return _found(said=f"称谓写全{count}位收件人" if item.answers else f"称谓：{item.addressees()[0]}")


def classed(item: Assignment, version: ReplyVersion | None) -> Finding | None:
    if version is None or item.part not in ANSWERING:
        return None
    missing = [] if version.outcome_class else ["还没有定办理结果类别"]
    return _found(*missing, said=f"办理结果{version.outcome_class}类")


def support(item: Assignment, version: ReplyVersion | None) -> Finding | None:
    outcome = item.profile.classes.get(version.outcome_class) if version else None
    if version is None or outcome is None or item.part not in ANSWERING:
        return None
    if outcome.needs_commitment:
        count = len(item.rows("commitments"))
        lacks = [] if count else [f"{outcome.letter}类答复须列至少一项承诺事项，写明责任人和期限"]
        return _found(*lacks, said=f"承诺{count}项，有责任科室和期限")
    if outcome.needs_reason:
        lacks = [] if version.class_reason.strip() else [f"{outcome.letter}类答复须写明原因"]
        return _found(*lacks, said=f"{outcome.letter}类已写明原因")
    return None


def disclosure(item: Assignment, version: ReplyVersion | None) -> Finding | None:
    if version is None or item.part not in ANSWERING:
        return None
    found = [] if version.disclosure else ["还没有定公开属性"]
    if version.disclosure == Disclosure.NONE and not version.disclosure_reason.strip():
        found.append("不予公开须写明理由")
    return _found(*found, said=f"公开属性：{version.get_disclosure_display()}")


def contact_line(_: Assignment, version: ReplyVersion | None) -> Finding | None:
    if version is None:
        return None
    found = [] if version.contact_name and version.contact_phone else ["还没有写联系人和电话"]
    return _found(*found, said=f"联系人{version.contact_name}，电话已写")


def copies(item: Assignment, version: ReplyVersion | None) -> Finding | None:
    if version is None or item.part not in ANSWERING:
        return None
    named = {one.strip() for one in version.copies_to.splitlines() if one.strip()}
    missing = [one for one in item.profile.copies[Kind(item.suggestion.kind)] if one not in named]
    return _found(*(f"抄送里没有{one}" for one in missing), said=f"抄送{len(named)}家")


def points(item: Assignment, version: ReplyVersion | None) -> Finding | None:
    """R3, R38: each point is answered by a paragraph, or it is said why it needs none."""
    rows = item.rows("points") if version and item.part in ANSWERING else []
    if not rows or version is None:
        return None
    answered = version.answered()
    missing = [one.number for one in rows if one.number not in answered and not one.note.strip()]
    return _found(*(f"第{one}点未答复" for one in missing), said=f"代表{len(rows)}点意见逐条答复")


def points_kept(item: Assignment, version: ReplyVersion | None) -> Finding | None:
    if version is None or item.part not in ANSWERING or item.suggestion.secret or item.rows("points"):
        return None
    return _found("还没有整理意见点，不能逐条核对")


def merged(item: Assignment, _: ReplyVersion | None) -> Finding | None:
    """R3: those handled together with it are each to be answered."""
    rows = item.rows("merged")
    if not rows:
        return None
    waiting = [one for one in rows if one.status in BEFORE_REPLY and not one.versions.exists()]
    return _found(
        *(f"并入本件的第{one.suggestion.number}号还没有稿本，也要答复代表" for one in waiting),
        said=f"并入本件的{len(rows)}件都有稿本",
    )


def remarks(item: Assignment, _: ReplyVersion | None) -> Finding | None:
    rows = [one for version in item.rows("versions__remarks") for one in version.remarks.all()]
    if not rows:
        return None
    left = [one for one in rows if one.settled_at is None]
    found = [f"还有{len(left)}条批注没有处理"] if left else []
    return _found(*found, said=f"{len(rows)}条批注都已处理")


# 签发关


def signed(item: Assignment, _: ReplyVersion | None) -> Finding:
    signed = {one.role for one in item.live_sign_offs(Gate.REVIEW)}
    posts = [(role, person) for role in item.chain(Gate.REVIEW) if (person := item.person(role))]
    missing = [f"{role.label}{person.name}还没有审签" for role, person in posts if role not in signed]
    return _found(*missing, said=f"审核关{len(posts)}人已审签")


def same_text(item: Assignment, version: ReplyVersion | None) -> Finding | None:
    rows = item.live_sign_offs(Gate.REVIEW)
    if version is None or not rows:
        return None
    older: dict[tuple[str, Standing], list[str]] = {}
    for one in rows:
        if (standing := one.standing(version)) in LATER:
            older.setdefault((str(one.version), standing), []).append(one.signer.name)
    reasons = [f"{'、'.join(names)}签于{text}，{LATER[how]}" for (text, how), names in older.items()]
    return _found(*reasons, said=f"审签的都是{version}，内容未再改动")


LATER = {Standing.CORRECTED: "后有文字更正", Standing.OLDER: "其后的改动不须其重签"}


def number(item: Assignment, _: ReplyVersion | None) -> Finding:
    prefix = item.profile.prefixes["reply" if item.answers else "opinion"]
    return _found(said=f"签发时取文号：{prefix}当年下一号")


def addressees(item: Assignment, _: ReplyVersion | None) -> Finding:
    count = len(item.addressees())
    return _found(said=f"签发后{count}{'位收件人逐人' if item.answers else '家主办单位'}送达")
