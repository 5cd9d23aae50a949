"""消息的办理: read, preferences, the person's own addresses, and sending once more what may be sent again."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.timezone import localdate

from huiyin.actions._journal import record_unit
from huiyin.actions._refused import Refused
from huiyin.models import Dispatch, Notice, Person, Preference
from huiyin.notices.channels import configured
from huiyin.notices.mail import Mail
from huiyin.queries.actors import actor_of
from huiyin.queries.deliveries import TROUBLE, in_reach
from huiyin.rules.vocabulary import Deed, DispatchState, NoticeKind


def mark_read(
    notices: Collection[int] | None = None, *, upto: int | None = None, by: Person, at: datetime
) -> int:
    """已阅: these of his own notices, or all up to one (those that came later he has not seen). How many were unread."""
    rows = Notice.objects.filter(person=by, read_at=None)
    rows = rows.filter(pk__in=notices) if notices is not None else rows.filter(pk__lte=upto or 0)
    return rows.update(read_at=at)


@transaction.atomic
def set_preferences(wanted: Mapping[tuple[NoticeKind, str], bool], *, by: Person, at: datetime) -> None:
    """接收设置: which kinds by which channel. The inbox always has all of them."""
    personal = {name for name, one in configured().items() if not one.group}
    strange = sorted({channel for _, channel in wanted} - personal)
    if strange:
        raise Refused([f"没有可由个人设置的渠道“{name}”" for name in strange])
    for (kind, channel), yes in wanted.items():
        Preference.objects.update_or_create(person=by, kind=kind, channel=channel, defaults={"wanted": yes})


@transaction.atomic
def set_email(email: str, *, by: Person, at: datetime) -> None:
    """本人邮箱, to which notices may go; empty for none."""
    email = email.strip()
    if email:
        _check(email)
    by.email = email
    by.save(update_fields=["email"])
    _record(by, at, f"{by.name}{'设置' if email else '清除'}接收消息的邮箱")


def _check(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("邮箱地址的写法不对，应如 name@example.gov.cn") from None
    if len(email) > 120:
        raise Refused("邮箱地址不超过120个字符")
    mails = [one for one in configured().values() if isinstance(one, Mail)]
    if mails and not any(one.takes(email) for one in mails):
        domains = sorted({domain for one in mails for domain in one.domains})
        raise Refused(f"只能用这些邮箱：{'、'.join(f'@{domain}' for domain in domains)}")


@transaction.atomic
def renew_feed(*, by: Person, at: datetime) -> str:
    """生成日历地址: a new secret, which is told this once; the one before no longer holds."""
    secret = secrets.token_urlsafe(32)
    _set_feed(by, hashlib.sha256(secret.encode()).hexdigest())
    _record(by, at, f"{by.name}生成日历地址")
    return secret


@transaction.atomic
def revoke_feed(*, by: Person, at: datetime) -> None:
    """撤销日历地址."""
    if not by.feed_digest:
        raise Refused("还没有日历地址")
    _set_feed(by, "")
    _record(by, at, f"{by.name}撤销日历地址")


def _set_feed(by: Person, digest: str) -> None:
    by.feed_digest = digest
    by.save(update_fields=["feed_digest"])


def _record(by: Person, at: datetime, text: str) -> None:
    if by.unit is not None:
        record_unit(by.unit, Deed.ORGANISE, by=by, at=at, text=text, person=by.username)


@transaction.atomic
def resend(dispatches: Collection[int], *, by: Person, at: datetime) -> int:
    """再发一次: what was not delivered, or may not have been; whoever says so knows that it may come twice."""
    reach = in_reach(actor_of(by, localdate(at))).filter(pk__in=dispatches).values_list("pk", flat=True)
    known = list(configured())
    rows = Dispatch.objects.filter(pk__in=list(reach), state__in=TROUBLE)
    if not rows.exists():
        raise Refused("没有可以再发的消息")
    if not rows.filter(channel__in=known).exists():
        raise Refused("这条渠道已不在配置里")
    return rows.filter(channel__in=known).update(
        state=DispatchState.WAITING, attempts=0, next_at=at, claimed_at=None, error=""
    )
