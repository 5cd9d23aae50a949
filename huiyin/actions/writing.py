"""年度文稿 (S6, S28, R73): drafted from the ledger, written on, brought up to date, issued. Each save is a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from huiyin.actions._journal import record_unit
from huiyin.actions._own_unit import must
from huiyin.actions._profiles import in_force
from huiyin.actions._refused import Refused, Stale, require
from huiyin.actions.signing import take_number
from huiyin.documents import yearly as paper_out
from huiyin.models import Meeting, Person, Unit, YearPaper, YearPaperVersion
from huiyin.queries import annual, bulletin, cases, work_notice, yearly
from huiyin.queries.figures import DoesNotReconcile
from huiyin.queries.quoted import Quoted
from huiyin.rules.anchors import Anchor, Change, anchors_of, carry, fill, keys_in, renew
from huiyin.rules.dates import zh
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, Kind, YearPaperKind, YearPaperOrigin

LONGEST = 60_000  # characters of a text


@dataclass(frozen=True)
class Saved:
    """存下的一稿, and what became of its figures."""

    version: YearPaperVersion
    changes: tuple[Change, ...] = ()


@transaction.atomic
def begin(
    meeting: Meeting, kind: YearPaperKind, *, matter: Kind | None = None, on: date, by: Person, at: datetime
) -> YearPaper:
    """起草：the paper with its first version, written from the ledger; of a bulletin the next issue."""
    actor = must(by, Deed.WRITE_PAPER, at=at)
    assert by.unit is not None
    unit = Unit.objects.select_for_update(no_key=True).get(pk=by.unit.pk)  # of two at once, one is told
    if on > localdate(at):
        raise Refused(f"统计截至{zh(on)}，还没有到")
    issue = yearly.next_issue(unit, meeting, matter or "") if kind == YearPaperKind.BULLETIN else 0
    known = YearPaper.objects.filter(unit=unit, meeting=meeting, kind=kind, matter=matter or "")
    if issue == 0 and known.exists():
        raise Refused(f"{meeting.name}{kind.label}已经起草过，请在原稿上改")
    if last := known.order_by("-issue").first():
        _after(last, on)
    paper = YearPaper(
        unit=unit, meeting=meeting, kind=kind, matter=matter or "", issue=issue, on=on, begun_by=by, begun_at=at
    )  # fmt: skip
    drawn = _drawn(actor, paper)
    paper.save()
    _version(paper, "".join(drawn.title), drawn.body, drawn.anchors, YearPaperOrigin.GENERATED, by, at)
    return paper


def _after(last: YearPaper, on: date) -> None:
    if last.issued_on is None:
        raise Refused(f"第{last.issue}期还没有印发，请先印发，再起草下一期")
    if on <= last.on:
        raise Refused(f"上一期统计截至{zh(last.on)}，本期应在其后")


def _drawn(actor: Actor, paper: YearPaper) -> annual.Summary:
    try:
        drawn = yearly.draft(actor, paper)
    except DoesNotReconcile as error:
        raise Refused(str(error)) from error
    if not yearly.items_of(actor, paper):
        raise Refused("本年度还没有承办件")
    return drawn


@transaction.atomic
def save(paper: YearPaper, *, title: str, body: str, base: int, by: Person, at: datetime) -> Saved:
    """保存：a new version; figures the writer left alone stay tied to the ledger, those he typed over are his own words.
    Stale when somebody saved after version `base`."""
    actor = must(by, Deed.WRITE_PAPER, at=at)
    require(标题=title, 正文=body)
    last = _last(paper, base, actor)
    title, body = " ".join(title.split()), clean(body)
    if len(body) > LONGEST:
        raise Refused(f"正文有{len(body)}字，不能超过{LONGEST}字")
    if (title, body) == (last.title, last.body):
        return Saved(last)
    anchors, changes = carry(last.body, anchors_of(last.figures), body)
    quoted = yearly.quoted(actor, last.paper)
    quoted.load(one.key for one in anchors if one.own)
    agreed = [
        Anchor(one.start, one.end, one.key, one.value, one.own and one.value != quoted.value(one.key))
        for one in anchors
    ]
    version = _version(last.paper, title, body, agreed, YearPaperOrigin.EDITED, by, at)
    return Saved(version, tuple(changes))


def clean(body: str) -> str:
    """One paragraph a line, no empty ones, no characters that a paper cannot hold."""
    lines = (" ".join(line.replace("\0", "").split(" ")).strip() for line in body.splitlines())
    return "\n".join(line for line in lines if line)


@transaction.atomic
def refresh(paper: YearPaper, *, on: date | None = None, base: int, by: Person, at: datetime) -> Saved:
    """按台账更新数字：a new version with the present values where figures stand; `on` moves the day it counts to. The
    writer's own words stay."""
    actor = must(by, Deed.WRITE_PAPER, at=at)
    last = _last(paper, base, actor)
    if on and on != last.paper.on:
        if on > localdate(at):
            raise Refused(f"统计截至{zh(on)}，还没有到")
        if (since := bulletin.since_of(last.paper)) and on <= since:
            raise Refused(f"上一期统计截至{zh(since)}，本期应在其后")
        last.paper.on = on
        last.paper.save(update_fields=["on"])
    anchors = anchors_of(last.figures)
    quoted = yearly.quoted(actor, last.paper)
    quoted.load(one.key for one in anchors)
    body, fresh, changes = renew(last.body, anchors, quoted.value)
    if not changes:
        return Saved(last)
    version = _version(last.paper, last.title, body, fresh, YearPaperOrigin.REFRESHED, by, at)
    return Saved(version, tuple(changes))


@transaction.atomic
def choose_cases(paper: YearPaper, chosen: Sequence[int], *, base: int, by: Person, at: datetime) -> Saved:
    """选事例：the summary's third part with these items, in this order; paragraphs of cases that stay are kept as written."""
    actor = must(by, Deed.WRITE_PAPER, at=at)
    last = _last(paper, base, actor)
    lines = last.body.split("\n")
    first, end = yearly.third_part(lines)
    if last.paper.kind != YearPaperKind.SUMMARY or not end:
        raise Refused("正文里已经没有“三、”和“总的来看”之间的部分，请直接在正文里改事例")
    if not chosen:
        raise Refused("至少选一件")
    found = cases.fields(actor, yearly.scope_of(last.paper))
    known = {case.item.pk for field in found for case in field.cases}
    kept = {pk: f"\ue000{pk}\ue001" for pk in yearly.case_lines(last) if pk in chosen}
    made = annual.depth(found, yearly.matter(actor, last.paper), [pk for pk in chosen if pk in known], kept)
    body, anchors = _spliced(last, (first, end), made, kept, yearly.quoted(actor, last.paper))
    if body == last.body:
        return Saved(last)
    return Saved(_version(last.paper, last.title, body, anchors, YearPaperOrigin.GENERATED, by, at))


def _spliced(
    last: YearPaperVersion,
    part: tuple[int, int],
    made: Sequence[str],
    kept: dict[int, str],
    quoted: Quoted,
) -> tuple[str, list[Anchor]]:
    """The old lines around the new part, each with its figures; kept paragraphs come from the old text."""
    rows, place = [], 0
    anchors = anchors_of(last.figures)
    for line in last.body.split("\n"):
        own = [one.at(one.start - place) for one in anchors if place <= one.start <= place + len(line)]
        rows.append((line, own))
        place += len(line) + 1
    where = yearly.case_lines(last)
    quoted.load(keys_in(made))
    marks = {mark: rows[where[pk]] for pk, mark in kept.items()}
    fresh = [marks.get(line) or fill(" ".join(line.split()), quoted.value) for line in made]
    body: list[str] = []
    found: list[Anchor] = []
    length = 0
    for line, own in [*rows[: part[0]], *fresh, *rows[part[1] :]]:
        found += [one.at(one.start + length) for one in own]
        body.append(line)
        length += len(line) + 1
    return "\n".join(body), found


@transaction.atomic
def issue(
    paper: YearPaper, *, on: date, base: int, numbered: bool = True, by: Person, at: datetime
) -> YearPaper:
    """印发：the number (a bulletin may have none) and the date are taken, and no version comes after. A notice keeps the
    responsibility table as it is now. What the text says otherwise than the ledger is kept in the journal."""
    actor = must(by, Deed.ISSUE_PAPER, at=at)
    last = _last(paper, base, actor)
    row = last.paper
    if reasons := unissuable(actor, row, on, localdate(at)):
        raise Refused(reasons)
    said = [one.said for one in yearly.Standing(last, yearly.quoted(actor, row)).different]
    if row.kind == YearPaperKind.NOTICE:
        last = _frozen(actor, last, by, at)
    if numbered or row.kind != YearPaperKind.BULLETIN:
        profile = in_force(row.unit, Kind(row.matter) if row.matter else Kind.SUGGESTION, at=at)
        row.number = take_number(profile.prefixes["paper"], on.year)
    row.issued_on, row.issued_by = on, by
    row.save(update_fields=["number", "issued_on", "issued_by"])
    text = f"印发{last.title}" + (f"，{row.number}" if row.number else "")
    if said:
        text += f"；与台账不同：{'；'.join(said)}"
    record_unit(
        row.unit,
        Deed.ISSUE_PAPER,
        by=by,
        at=at,
        text=text,
        paper=row.pk,
        version=last.number,
        differences=said,
    )
    return row


def unissuable(actor: Actor, paper: YearPaper, on: date, today: date) -> list[str]:
    """Why it cannot be issued now."""
    found = []
    if error := yearly.doubt(actor, paper):
        found.append(str(error))
    if on > today:
        found.append(f"印发日期{zh(on)}还没有到")
    if on < paper.on:
        found.append(f"印发日期{zh(on)}早于统计截至{zh(paper.on)}")
    if paper.kind == YearPaperKind.NOTICE:
        found += work_notice.incomplete(yearly.items_of(actor, paper)).values()
    return found


def _frozen(actor: Actor, last: YearPaperVersion, by: Person, at: datetime) -> YearPaperVersion:
    """The notice with its table, so that it stays as it was sent round."""
    annex = work_notice.annex(last.paper.meeting, yearly.matter(actor, last.paper))
    body = paper_out.with_table(last.body, annex, yearly.items_of(actor, last.paper))
    anchors = [one for one in anchors_of(last.figures) if body[one.start : one.end] == one.value]
    return _version(last.paper, last.title, body, anchors, YearPaperOrigin.GENERATED, by, at)


def _last(paper: YearPaper, base: int, actor: Actor) -> YearPaperVersion:
    """The latest version, its paper locked. Refused when it is another unit's or issued, Stale when another came after
    `base`."""
    row = (
        YearPaper.objects.select_for_update(no_key=True)
        .filter(pk=paper.pk, unit_id=actor.unit_id or 0)
        .first()
    )
    if row is None:
        raise Refused("没有这份文稿")
    last = row.versions.select_related("made_by", "paper__unit", "paper__meeting").latest("number")
    if row.issued_on:
        raise Refused(f"已于{zh(row.issued_on)}印发，不能再改")
    if last.number != base:
        raise Stale(f"{last.made_by.name}在您编辑期间存了第{last.number}稿，请对照后再存", last.body)
    return last


def _version(
    paper: YearPaper, title: str, body: str, anchors: Sequence[Anchor], origin: YearPaperOrigin, by: Person, at: datetime
) -> YearPaperVersion:  # fmt: skip
    number = (paper.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    version = YearPaperVersion.objects.create(
        paper=paper, number=number, title=title, body=body, figures=[one.row() for one in anchors], origin=origin,
        made_by=by, made_at=at,
    )  # fmt: skip
    text = f"{title}第{number}稿，{origin.label}"
    record_unit(paper.unit, Deed.WRITE_PAPER, by=by, at=at, text=text, paper=paper.pk, version=number)
    return version
