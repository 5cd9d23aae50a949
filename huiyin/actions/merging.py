"""并案与分拆 (R3). Items handled together stay items of their own: every deputy keeps his contact, his reply and his
evaluation. An item split is answered by its parts, each an item of its own."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

from django.db import transaction

from huiyin.actions import _clocks
from huiyin.actions._journal import record_item
from huiyin.actions._refused import Refused
from huiyin.actions._take import Taking, begin
from huiyin.actions.registering import copy_people
from huiyin.actions.replying import Draft, fill, opened, set_aside
from huiyin.models import Assignment, Person, Proposer, ReplyVersion, StoredFile, Suggestion
from huiyin.queries.actors import actor_of, items_for
from huiyin.queries.merging import hosts_for
from huiyin.rules.points import renumbered
from huiyin.rules.text import BlockKind, blocks, typed
from huiyin.rules.vocabulary import Deed, Status, VersionOrigin

MOST = 9


@transaction.atomic
def merge(item: Assignment, *, into: Assignment, reason: str = "", by: Person, at: datetime) -> Assignment:
    """并案：handled together with `into`, the host, whose text it may take; the journals of both tell."""
    _lock(item, into)
    taking = begin(item, Deed.MERGE, by=by, at=at)
    host = hosts_for(taking.item, taking.actor).filter(pk=into.pk).first()
    if host is None:
        raise Refused(
            f"{into}不能作主件：主件须是您看得到的本单位的同类件，答复代表、还没有送审、没有并入别的件，且都不涉密"
        )
    taking.item.merged_into = host
    taking.item.save(update_fields=["merged_into"])
    record_item(
        host, Deed.MERGE, by=by, at=at, behalf=taking.behalf, source=host.status, target=host.status,
        text=f"第{taking.item.suggestion.number}号并入本件一并办理", merged=taking.item.pk,
    )  # fmt: skip
    why = f"，{reason.strip()}" if reason.strip() else ""
    taking.done(f"与第{host.suggestion.number}号一并办理，各自答复{why}", into=host.pk)
    return taking.item


@transaction.atomic
def unmerge(item: Assignment, *, by: Person, at: datetime) -> Assignment:
    """解除并案：it goes on alone; what it took from the host's text stays its own."""
    if item.merged_into is not None:
        _lock(item, item.merged_into)
    taking = begin(item, Deed.UNMERGE, by=by, at=at)
    host = taking.item.merged_into
    assert host is not None  # the table asked for it
    taking.item.merged_into = None
    taking.item.save(update_fields=["merged_into"])
    record_item(
        host, Deed.UNMERGE, by=by, at=at, behalf=taking.behalf, source=host.status, target=host.status,
        text=f"第{taking.item.suggestion.number}号不再并入本件", merged=taking.item.pk,
    )  # fmt: skip
    taking.done(f"不再与第{host.suggestion.number}号并案", into=host.pk)
    return taking.item


def _lock(*items: Assignment) -> None:
    """Both rows, always in one order, so that two who merge crosswise wait for each other and do not lock up."""
    rows = Assignment.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=[one.pk for one in items]).order_by("pk"))


# 取用主件稿本


@transaction.atomic
def copy_draft_from_host(item: Assignment, *, by: Person, at: datetime) -> ReplyVersion:
    """取用主件稿本：the host's text becomes this item's draft, under its own title and salutation. What was written
    before is kept as a version. Which points it answers is marked anew, for the points are this item's own."""
    taking = begin(item, Deed.DRAFT, by=by, at=at)
    host = taking.item.merged_into
    if host is None or not items_for(actor_of(by, taking.on)).filter(pk=host.pk).exists():
        raise Refused("本件没有并入您看得到的件，没有主件稿本可取")
    source = host.draft or host.submitted_version
    if source is None or not source.body.strip():
        raise Refused(f"主件第{host.suggestion.number}号还没有写稿本")
    if taking.item.draft and taking.item.draft.body.strip():
        set_aside(taking, VersionOrigin.KEPT)
    version = opened(taking.item)
    kept = {one.name: getattr(version, one.name) for one in fields(Draft)}
    fill(version, Draft(**kept | {"body": _adapted(taking, source, host)}), by=by, at=at)
    taking.done(f"取用主件第{host.suggestion.number}号{source}", host=host.pk, version=source.pk)
    return version


def _adapted(taking: Taking, source: ReplyVersion, host: Assignment) -> str:
    """The host's text with this item's number and title in place of the host's; a source this item has not asked is
    not named, a picture becomes this item's own."""
    own, theirs = taking.item.suggestion, host.suggestion
    asked = {
        name
        for one in taking.item.opinions.select_related("unit")
        for name in (one.unit.name, one.unit.short_name)
    }
    found = []
    for one in blocks(renumbered(source.body, {})):
        unit = one.unit if one.unit in asked else ""
        picture = _own_copy(taking, one.file) if one.kind == BlockKind.PICTURE else 0
        found.append(replace(one, unit=unit, round=0, file=picture))
    text = typed(found).replace(f"《{theirs.title}》", f"《{own.title}》")
    return text.replace(f"第{theirs.number}号", f"第{own.number}号")


def _own_copy(taking: Taking, pk: int) -> int:
    """A row of this item's for the same stored bytes."""
    picture = StoredFile.objects.get(pk=pk)
    picture.pk, picture.assignment = None, taking.item
    picture.uploaded_by, picture.uploaded_at = taking.by, taking.at
    picture._state.adding = True
    picture.save()
    return picture.pk


# 分拆


@transaction.atomic
def split(
    item: Assignment, *, parts: Sequence[tuple[str, str]], by: Person, at: datetime
) -> list[Assignment]:
    """分拆：each part a suggestion and an item of its own (082-1, 082-2 …) with the same proposers, dates and clocks; the
    item itself leaves every count."""
    parts = [(title.strip(), text.strip()) for title, text in parts if title.strip() or text.strip()]
    if reasons := _wrong(parts):
        raise Refused(reasons)
    taking = begin(item, Deed.SPLIT, by=by, at=at)
    clock = taking.item.main_clock
    if clock and (clock.extensions.exists() or clock.suspensions.exists()):
        raise Refused("本件已有延期或中止计时的记录，不能再分拆")
    numbers = _numbers(taking.item.suggestion, len(parts))
    fixed = clock.no_later_than if clock else None
    found = []
    for number, (title, text) in zip(numbers, parts, strict=True):
        child = _child(taking, number, title, text)
        _clocks.start_all(child, fixed=fixed)
        record_item(
            child, Deed.SPLIT, by=by, at=at, behalf=taking.behalf, target=child.status,
            text=f"由第{taking.item.suggestion.number}号分拆", split_from=taking.item.pk,
        )  # fmt: skip
        found.append(child)
    taking.done(f"分拆为第{'、'.join(numbers)}号，各自办理、答复和评价", into=[one.pk for one in found])
    return found


def _wrong(parts: Sequence[tuple[str, str]]) -> list[str]:
    found = [] if len(parts) > 1 else ["至少分成两件，每件写标题和内容"]
    found += [f"最多分成{MOST}件"] if len(parts) > MOST else []
    titles = [title for title, _ in parts]
    for place, (title, text) in enumerate(parts, 1):
        found += [] if title else [f"第{place}件没有写标题"]
        found += [] if text else [f"第{place}件没有写内容"]
        found += [f"第{place}件的标题有{len(title)}个字，最多200个"] if len(title) > 200 else []
        found += [f"第{place}件的标题与前面的相同"] if title and title in titles[: place - 1] else []
    return found


def _numbers(suggestion: Suggestion, count: int) -> list[str]:
    """082-1, 082-2 …; a number that is taken already, by whomever, is passed over."""
    same = Suggestion.objects.filter(
        kind=suggestion.kind, meeting=suggestion.meeting, origin=suggestion.origin,
        number__startswith=f"{suggestion.number}-",
    )  # fmt: skip
    taken = set(same.values_list("number", flat=True))
    free = (
        number
        for place in range(1, count + len(taken) + 1)
        if (number := f"{suggestion.number}-{place}") not in taken
    )
    found = [next(free) for _ in range(count)]
    if len(found[-1]) > 30:
        raise Refused(f"编号{found[-1]}太长，不能分拆")
    return found


def _child(taking: Taking, number: str, title: str, text: str) -> Assignment:
    old, whole = taking.item, taking.item.suggestion
    part = Suggestion.objects.create(
        kind=whole.kind, origin=whole.origin, meeting=whole.meeting, number=number, title=title, text=text,
        received_on=whole.received_on, category=whole.category, level=whole.level, confidential=whole.confidential,
        source=whole.source, split_from=whole,
    )  # fmt: skip
    Proposer.objects.bulk_create(
        Proposer(
            suggestion=part, name=one.name, delegation=one.delegation, phone=one.phone, is_lead=one.is_lead,
            order=one.order,
        )
        for one in whole.proposers.all()
    )  # fmt: skip
    child = Assignment.objects.create(
        suggestion=part, meeting=old.meeting, unit=old.unit, part=old.part, part_text=old.part_text,
        lead_unit=old.lead_unit, organ=old.organ, assigned_on=old.assigned_on, six_months=old.six_months,
        status=Status.PROPOSING, status_since=taking.at,
        profile_name=old.profile_name, profile_version=old.profile_version,
    )  # fmt: skip
    child.named_co_units.set(old.named_co_units.all())
    copy_people(old, child)
    return child
