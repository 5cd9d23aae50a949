"""发送箱：what waits is claimed, sent outside any transaction, and its outcome recorded (docs/decisions/0008-outbox.md).

A claim is one conditional UPDATE, so that of several workers one has it. What surely was not sent is tried again with
growing pauses; what may have arrived is not, and neither is a claim whose worker died: at most once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from huiyin.models import Dispatch
from huiyin.notices.channels import configured
from huiyin.notices.composing import compose
from huiyin.notices.sending import Channel, MayHaveArrived, Message, NotSent
from huiyin.rules.vocabulary import DispatchState

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
ATTEMPTS = 10
LONGEST = 60  # minutes between two attempts
LEASE = timedelta(minutes=15)  # after which a claim's worker is taken to have died
REST = timedelta(minutes=5)  # of a channel that took a message and did not answer
STALE = timedelta(days=3)  # after which what nobody could send is no news


@dataclass(frozen=True)
class Outcome:
    """结果. `rest_until`: the channel is left alone until then."""

    state: DispatchState
    error: str = ""
    next_at: datetime | None = None
    rest_until: datetime | None = None


def send_due(*, at: datetime, limit: int = 50, clock: Clock | None = None) -> int:
    """Send what is due, at most `limit` by each channel; how many were sent. `clock` says what time it is while a
    round lasts; without one it stays `at`."""
    clock = clock or (lambda: at)
    _give_up(clock())
    return sum(_round(channel, limit, clock) for channel in configured().values())


def _give_up(now: datetime) -> None:
    """Claims of workers that died, and what has waited too long because no worker ran or its channel is gone."""
    Dispatch.objects.filter(state=DispatchState.SENDING, claimed_at__lte=now - LEASE).update(
        state=DispatchState.UNKNOWN, error="发送途中程序中断"
    )
    Dispatch.objects.filter(state=DispatchState.WAITING, next_at__lte=now - STALE).update(
        state=DispatchState.FAILED, error="三天没有发出，已过时"
    )


def _round(channel: Channel, limit: int, clock: Clock) -> int:
    """One channel's turn; it ends at the first message that shows the channel to be down."""
    due = Dispatch.objects.filter(channel=channel.name, state=DispatchState.WAITING)
    sent = 0
    for pk in due.filter(next_at__lte=clock()).order_by("next_at", "pk").values_list("pk", flat=True)[:limit]:
        outcome = _one(channel, pk, clock)
        if outcome is None:
            continue
        sent += outcome.state == DispatchState.SENT
        if outcome.rest_until:
            due.filter(next_at__lt=outcome.rest_until).update(next_at=outcome.rest_until)
            break
    return sent


def _one(channel: Channel, pk: int, clock: Clock) -> Outcome | None:
    """Claim, send, record; None if another has it."""
    message, claimed_at = compose(pk, channel, clock()), clock()
    if not _claim(pk, claimed_at):
        return None
    attempts = Dispatch.objects.values_list("attempts", flat=True).get(pk=pk)
    outcome = (
        _send(channel, message, attempts, clock) if message else Outcome(DispatchState.FAILED, "人员已停用")
    )
    # If the lease ran out meanwhile, what happened is still truer than 结果不明.
    Dispatch.objects.filter(pk=pk, claimed_at=claimed_at).update(
        state=outcome.state, error=outcome.error, claimed_at=None,
        sent_at=clock() if outcome.state == DispatchState.SENT else None,
        next_at=outcome.next_at or F("next_at"),
    )  # fmt: skip
    return outcome


def _claim(pk: int, now: datetime) -> bool:
    with transaction.atomic(durable=True):  # committed before anything is sent
        waiting = Dispatch.objects.filter(pk=pk, state=DispatchState.WAITING, next_at__lte=now)
        return waiting.update(state=DispatchState.SENDING, claimed_at=now, attempts=F("attempts") + 1) == 1


def _send(channel: Channel, message: Message, attempts: int, clock: Clock) -> Outcome:
    try:
        channel.send(message)
    except NotSent as error:
        later = clock() + timedelta(minutes=min(2 ** (attempts - 1), LONGEST))
        state = DispatchState.WAITING if attempts < ATTEMPTS else DispatchState.FAILED
        return Outcome(state, str(error)[:300], later, later if error.down else None)
    except MayHaveArrived as error:
        return Outcome(DispatchState.UNKNOWN, str(error)[:300], rest_until=clock() + REST)
    except Exception as error:  # a fault of ours: nobody knows what has gone out
        log.error(
            "渠道%s出错：%s", channel.name, type(error).__name__
        )  # its words could hold an address with a key
        return Outcome(
            DispatchState.UNKNOWN, f"程序出错（{type(error).__name__}）", rest_until=clock() + REST
        )
    return Outcome(DispatchState.SENT)
