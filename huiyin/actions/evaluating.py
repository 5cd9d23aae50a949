"""评价与重新办理 (S23, R50–R59)."""

from datetime import date, datetime

from django.db import transaction

from huiyin.actions import _clocks, filing
from huiyin.actions._journal import record_item
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import begin
from huiyin.actions.filing import Upload
from huiyin.actions.registering import copy_people
from huiyin.models import Assignment, Evaluation, Person, Proposer
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import ClockKind, Deed, EntryMode, Rating, RoundKind, Status

BAD = Rating.DISSATISFIED


@transaction.atomic
def evaluate(
    item: Assignment,
    *,
    proposer: Proposer,
    attitude: Rating | None = None,
    outcome: Rating | None = None,
    reason: str = "",
    on: date,
    scan: Upload,
    by: Person,
    at: datetime,
) -> Assignment:
    """登记评价：the returned paper form, entered by the clerk with its scan and marked 单位代录 (R51). The questions and
    the scale are the profile's (R50).

    When all evaluations are in: dissatisfied → waits for the re-handling; open promises → tracking; else closed.
    """
    if BAD in {attitude, outcome}:
        require(不满意的原因=reason)
    taking = begin(item, Deed.EVALUATE, by=by, at=at)
    _check(taking.item, proposer, on, taking.on)
    rated = _rated(taking.item, {"attitude": attitude, "outcome": outcome})
    paper = filing.store(scan, purpose="征询意见表", by=by, at=at, assignment=taking.item)
    Evaluation.objects.create(
        assignment=taking.item, proposer=proposer, attitude=attitude or "", outcome=outcome or "", reason=reason, on=on,
        mode=EntryMode.PAPER_BY_UNIT, scan=paper, entered_by=by, entered_at=at,
    )  # fmt: skip
    taking.done(
        f"{taking.item.named([proposer.name])}：{rated}（{EntryMode.PAPER_BY_UNIT.label}）{reason}",
        scan=paper.sha256,
    )
    return _conclude(taking.item, by=by, at=at)


def _rated(item: Assignment, answers: dict[str, Rating | None]) -> str:
    """态度满意，结果基本满意: exactly the questions the profile asks, in its scale; Refused otherwise."""
    profile, found = item.profile, list[str]()
    for question, rating in answers.items():
        label = "态度" if question == "attitude" else "结果"
        if (rating is not None) != (question in profile.questions):
            found.append(f"还没有评价办理{label}" if rating is None else f"本规程不评价办理{label}")
        elif rating is not None and rating not in profile.scale:
            found.append(
                f"本规程的档次是{'、'.join(one.label for one in profile.scale)}，没有“{rating.label}”"
            )
    if found:
        raise Refused(found)
    return "，".join(
        f"{'态度' if key == 'attitude' else '结果'}{one.label}" for key, one in answers.items() if one
    )


def _check(item: Assignment, proposer: Proposer, on: date, today: date) -> None:
    if proposer.suggestion_id != item.suggestion_id or proposer.name not in item.evaluators():
        raise Refused(f"{proposer.name}不是本件的评价人")
    if proposer.name not in item.unevaluated():
        raise Refused(f"{proposer.name}已经评价过，评价不能改动")
    if item.reply is None or not item.reply.signed_on <= on <= today:
        raise Refused("评价日期应在答复签发之后、今天之前")


def _conclude(item: Assignment, *, by: Person, at: datetime) -> Assignment:
    """评价收齐后的去向."""
    item.forget()
    if item.unevaluated() and not item.evaluation_lapsed():
        return item
    if item.is_dissatisfied():
        deed = Deed.DISSATISFY
    else:
        deed = Deed.TRACK if item.commitments.filter(done_on__isnull=True).exists() else Deed.CLOSE
    taking = begin(item, deed, by=by, at=at)
    taking.done()
    return taking.item


@transaction.atomic
def remind(item: Assignment, *, on: date, how: str, by: Person, at: datetime) -> None:
    """登记催评 (R53): the window has passed; when and how the deputy was asked again."""
    require(催评的方式=how)
    taking = begin(item, Deed.REMIND, by=by, at=at)
    clock = taking.item.clock(ClockKind.EVALUATION)
    if not (clock.due_on if clock else taking.item.assigned_on) <= on <= taking.on:
        raise Refused("催评日期应在评价期满到今天之间")
    if taking.item.events.filter(deed=Deed.REMIND, text__startswith=zh(on)).exists():
        raise Refused(f"{zh(on)}已登记过催评，同一天只计一次")
    taking.done(f"{zh(on)}{how.strip()}")


@transaction.atomic
def lapse(item: Assignment, *, note: str, by: Person, at: datetime) -> Assignment:
    """登记逾期未评价, after the window (R53): silence is recorded as silence, never as satisfaction."""
    require(催评经过=note)
    taking = begin(item, Deed.LAPSE, by=by, at=at)
    taking.item.lapsed_on = taking.on
    taking.item.save()
    taking.done(note)
    return _conclude(taking.item, by=by, at=at)


@transaction.atomic
def rehandle(
    item: Assignment, *, on: date, paper: Upload, note: str = "", by: Person, at: datetime
) -> Assignment:
    """开始重新办理 (R56, R57): the organ's confirmation is on paper; a new linked round begins, with its own clock,
    and the first round keeps its reply and its evaluation for ever."""
    taking = begin(item, Deed.REHANDLE, by=by, at=at)
    old = taking.item
    if not old.assigned_on <= on <= taking.on:
        raise Refused("重办通知日期应在交办之后、今天之前")
    scan = filing.store(paper, purpose="重新办理通知", by=by, at=at, assignment=old)
    taking.done(f"{zh(on)}通知重新办理（外部机关办理）{note}", paper=scan.sha256)
    fresh = Assignment.objects.create(
        suggestion=old.suggestion, meeting=old.meeting, unit=old.unit, part=old.part, part_text=old.part_text,
        lead_unit=old.lead_unit, organ=old.organ, assigned_on=on, round=old.round + 1, previous=old,
        round_kind=RoundKind.REHANDLING, status=Status.PROPOSING, status_since=at,
        profile_name=old.profile_name, profile_version=old.profile_version,
    )  # fmt: skip
    fresh.named_co_units.set(old.named_co_units.all())
    copy_people(old, fresh)
    _clocks.start_all(fresh)
    record_item(
        fresh,
        Deed.REHANDLE,
        by=by,
        at=at,
        target=fresh.status,
        text=f"第{fresh.round}轮，{zh(on)}通知重新办理",
    )
    return fresh
