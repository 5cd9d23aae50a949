"""送达、抄送、回执 (R43–R46): to whom the letter went, when and how, and when its receipt came."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from huiyin.actions import _clocks, filing
from huiyin.actions._journal import record_item
from huiyin.actions._refused import Refused
from huiyin.actions._take import begin, recheck
from huiyin.actions.filing import Upload
from huiyin.models import Assignment, Delivery, FollowUpVisit, Person, Reply
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import ClockKind, Deed, DeliveryMethod, Disclosure


@transaction.atomic
def deliver(
    item: Assignment,
    *,
    addressees: Sequence[str],
    on: date,
    method: DeliveryMethod,
    receipt: Upload | None = None,
    consent: str = "",
    by: Person,
    at: datetime,
) -> Assignment:
    """登记送达, per addressee (R43, R44); when all have it the evaluation period starts, or the opinion is done. `consent`:
    how the lead proposer agreed to pass a joint item's letter on, where he alone gets it."""
    deed = Deed.DELIVER if item.answers else Deed.DELIVER_OPINION
    taking = begin(item, deed, by=by, at=at, facts_first=True)
    locked, reply = taking.item, taking.item.reply
    assert reply is not None  # status ISSUED
    if not addressees:
        raise Refused("还没有选收件人")
    if strangers := [name for name in addressees if name not in locked.undelivered()]:
        raise Refused(f"{'、'.join(strangers)}不在待送达的收件人里")
    _send(reply, addressees, on=on, method=method, scan=receipt, what="送达", by=by, at=at)
    locked.forget()
    text = f"{zh(on)}{method.label}：{locked.named(addressees) if locked.answers else '、'.join(addressees)}"
    if locked.through_lead:
        if not consent.strip():
            raise Refused("联名件由领衔代表转复，须写明他同意转告其他代表的情况")
        text += f"；由领衔代表转复：{consent.strip()}"
    if left := locked.undelivered():
        record_item(locked, deed, by=by, behalf=taking.behalf, at=at, text=f"{text}；还有{len(left)}人未送达")
        return locked
    recheck(taking)
    taking.done(text, since=max(one.on for one in locked.sent() if not one.is_copy))
    if reply.version.disclosure in {Disclosure.FULL, Disclosure.SUMMARY}:
        _clocks.start(locked, ClockKind.PUBLICATION, on=reply.signed_on)
    _plan_visit(locked, on)
    return locked


def _plan_visit(item: Assignment, on: date) -> None:
    """按规程安排回访 (R63): so many months after the reply, by its class."""
    path = f"visits.{item.current_class()}"
    if item.profile.values.get(path):
        row = FollowUpVisit.objects.create(assignment=item, planned_on=on)
        _clocks.start(item, ClockKind.VISIT, on=on, row=row.pk, path=path)


def _send(
    reply: Reply, names: Sequence[str], *, on: date, method: DeliveryMethod, scan: Upload | None, what: str,
    copy: bool = False, by: Person, at: datetime,
) -> None:  # fmt: skip
    """The rows, one for each name. What is handed over, or has its receipt already, has arrived that day."""
    today = localdate(at)
    if not reply.signed_on <= on <= today:
        raise Refused(f"{what}日期应在签发日{zh(reply.signed_on)}到今天之间")
    item = reply.assignment
    stored = filing.store(scan, purpose=f"{what}回执", by=by, at=at, assignment=item) if scan else None
    came = on if stored or method == DeliveryMethod.IN_PERSON else None
    Delivery.objects.bulk_create(
        Delivery(
            reply=reply, addressee=name, on=on, method=method, is_copy=copy, receipt=stored, received_on=came,
            recorded_by=by,
        )
        for name in dict.fromkeys(names)
    )  # fmt: skip


@transaction.atomic
def send_copies(
    item: Assignment, *, organs: Sequence[str], on: date, method: DeliveryMethod, receipt: Upload | None = None,
    by: Person, at: datetime,
) -> None:  # fmt: skip
    """登记抄送 (R46), to organs of the reply's own copies list."""
    taking = begin(item, Deed.SEND_COPIES, by=by, at=at)
    reply = taking.item.reply
    assert reply is not None  # the step's condition
    if not organs:
        raise Refused("还没有选抄送单位")
    if strange := [name for name in organs if name not in taking.item.uncopied()]:
        raise Refused(f"{'、'.join(strange)}不在待抄送的单位里")
    _send(reply, organs, on=on, method=method, scan=receipt, what="抄送", copy=True, by=by, at=at)
    taking.done(f"{zh(on)}{method.label}：{'、'.join(organs)}")


@transaction.atomic
def receipt(
    item: Assignment,
    *,
    deliveries: Sequence[Delivery],
    on: date,
    scan: Upload | None = None,
    by: Person,
    at: datetime,
) -> None:
    """登记回执 (R44): that what was sent arrived, on which day."""
    taking = begin(item, Deed.RECEIPT, by=by, at=at)
    reply = taking.item.reply
    assert reply is not None  # the step's condition
    chosen = {one.pk for one in deliveries}
    rows = list(reply.deliveries.filter(pk__in=chosen))
    if not chosen:
        raise Refused("还没有选收到的是哪一份")
    if len(rows) != len(chosen):
        raise Refused("选的送达记录不属于本件现在的答复")
    if had := [one.addressee for one in rows if one.received_on]:
        raise Refused(f"{_whom(taking.item, rows, had)}的回执已经登记过")
    if early := [one.addressee for one in rows if not one.on <= on <= taking.on]:
        raise Refused(f"收到日期应在送出之日到今天之间：{_whom(taking.item, rows, early)}")
    stored = filing.store(scan, purpose="送达回执", by=by, at=at, assignment=taking.item) if scan else None
    for one in rows:
        one.received_on, one.receipt = on, stored or one.receipt
        one.save()
    taking.done(f"{zh(on)}收到：{_whom(taking.item, rows, [one.addressee for one in rows])}")


def _whom(item: Assignment, rows: Sequence[Delivery], names: Sequence[str]) -> str:
    """Organs by name; proposers as the journal may name them."""
    organs = [one.addressee for one in rows if one.addressee in names and (one.is_copy or not item.answers)]
    people = [one.addressee for one in rows if one.addressee in names and one.addressee not in organs]
    return "、".join([*([item.named(people)] if people else []), *organs])


@transaction.atomic
def receipts(
    deliveries: Sequence[Delivery], *, on: date, scan: Upload | None = None, by: Person, at: datetime
) -> int:
    """成批登记回执, of one day, item by item; all or none."""
    if not deliveries:
        raise Refused("还没有选收到的是哪几份")
    reasons: list[str] = []
    for item in Assignment.objects.filter(replies__deliveries__in=deliveries).distinct().order_by("pk"):
        own = [one for one in deliveries if one.reply.assignment_id == item.pk]
        try:
            receipt(item, deliveries=own, on=on, scan=scan, by=by, at=at)
        except Refused as refused:
            reasons += [f"第{item.suggestion.number}号：{one}" for one in refused.reasons]
    if reasons:
        raise Refused(reasons)
    return len(deliveries)
