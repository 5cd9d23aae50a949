"""心跳: when the clock of each unit last went round, and what the outbox holds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from huiyin.models import Beat, Dispatch, Unit
from huiyin.rules.vocabulary import DispatchState

STALE = timedelta(hours=36)


@dataclass(frozen=True)
class Pulse:
    """一个单位的时钟. `at` None: it never went round."""

    unit: str
    at: datetime | None
    day: date | None

    def trouble(self, now: datetime) -> str:
        """What is wrong with it, "" when nothing is."""
        if self.at is None:
            return "还没有走过"
        if now - self.at > STALE:
            return "太久没有走"
        if self.at - now > STALE:  # somebody's clock was wrong, and until then nobody would be told
            return "走到了以后的日子，请用 huiyin tick --rewind 拨回"
        return ""


def pulses() -> list[Pulse]:
    """Of each unit that works here."""
    beats = {beat.name: beat for beat in Beat.objects.filter(name__startswith="tick:")}
    units = Unit.objects.filter(hosted=True, active=True).order_by("pk")
    found = [(unit.short_name, beats.get(f"tick:{unit.pk}")) for unit in units]
    return [Pulse(name, beat.at if beat else None, beat.day if beat else None) for name, beat in found]


def outbox() -> dict[DispatchState, int]:
    """发送箱: how many dispatches there are in each state."""
    counts = dict(Dispatch.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state: counts.get(state, 0) for state in DispatchState}
