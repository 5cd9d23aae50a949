"""消息 (R25): inbox, what one wants to be sent and where, what became of it, and the calendar feed."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from huiyin.actions import Refused, informing
from huiyin.models import Assignment, Notice
from huiyin.notices.channels import configured, load, path
from huiyin.notices.entry import ChannelError
from huiyin.notices.feed import feed, owner_of
from huiyin.notices.preferences import Wishes
from huiyin.queries import deliveries, inbox
from huiyin.rules.vocabulary import DispatchState, NoticeKind
from huiyin.web import access
from huiyin.web.downloads import attached

PAGE_SIZE = 50


def notices(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in set(NoticeKind) else ""
    actor, labels = access.actor(request), _labels(request)
    page = Paginator(inbox.notices_of(actor.person_id, kind), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        (line, _way(line.notice, line.item), [
            (labels.get(one.channel, one.channel), one, one.state in deliveries.TROUBLE)
            for one in line.notice.dispatches.all()
        ])
        for line in inbox.lines(actor, page, access.now())
    ]  # fmt: skip
    context = {
        "page": page, "rows": rows, "kinds": list(NoticeKind), "kind": kind, "unread": inbox.unread(actor.person_id),
        "query": f"kind={kind}&" if kind else "", "watches": deliveries.may_watch(actor),
        "newest": max((line.notice.pk for line, *_ in rows), default=0),
        "sent_out": any(sent for *_, sent in rows),
    }  # fmt: skip
    return render(request, "notices/inbox.html", context)


def _way(notice: Notice, item: Assignment | None) -> tuple[str, str]:
    """Where a notice leads, and what the button there says; nowhere where its item is out of sight."""
    if notice.kind == NoticeKind.DIGEST:
        return reverse("desk"), "看待办"
    if notice.key.startswith("calendar:"):
        return reverse("calendars"), "去录入"
    if notice.key.startswith("passage:"):
        return reverse("passages"), "去核对"
    if item is None:
        return "", ""
    if notice.kind == NoticeKind.MOVED:
        return reverse("item_dates", args=[item.pk]), "看时限"
    page = reverse("item", args=[item.pk])
    return (f"{page}#errands", "看督办") if notice.kind == NoticeKind.ERRAND else (page, "看这一件")


def _labels(request: HttpRequest) -> dict[str, str]:
    """The channels there are for his unit: those for persons and its own groups."""
    person = access.person(request)
    return {one.name: one.label for one in configured().values() if not one.group or one.hears(person)}


def read(request: HttpRequest) -> HttpResponse:
    """已阅 one or all; opened: read, and on to where it leads."""
    if request.method != "POST":
        raise Http404("没有这一页")
    by, at = access.person(request), access.now()
    if upto := access.number(request.POST.get("all")):
        informing.mark_read(upto=upto, by=by, at=at)
    chosen = access.number(request.POST.get("read") or request.POST.get("open"))
    informing.mark_read([chosen], by=by, at=at)
    row = by.notices.filter(pk=chosen).first() if "open" in request.POST else None
    return redirect((row and _way(row, row.assignment)[0]) or "notices")


def settings(request: HttpRequest) -> HttpResponse:
    """接收设置. The calendar's address is shown in the answer to the form that makes it, and never again."""
    by, at, reasons, address = access.person(request), access.now(), list[str](), ""
    deeds: dict[str, Callable[[], object]] = {
        "wishes": lambda: informing.set_preferences(_wanted(request), by=by, at=at),
        "email": lambda: informing.set_email(request.POST.get("email", ""), by=by, at=at),
        "feed_off": lambda: informing.revoke_feed(by=by, at=at),
    }
    if request.method == "POST":
        deed = request.POST.get("deed", "")
        try:
            if deed == "feed":
                secret = informing.renew_feed(by=by, at=at)
                address = request.build_absolute_uri(reverse("feed", args=[secret]))
            elif deed in deeds:
                deeds[deed]()
                messages.success(request, "已保存")
                return redirect("notice_settings")
        except Refused as refused:
            reasons = refused.reasons
    wishes = Wishes([by])
    context = {
        "channels": wishes.personal, "groups": [one for one in wishes.group if one.hears(by)], "reasons": reasons, "address": address, "email": by.email,
        "typed": request.POST.get("email", by.email), "has_feed": bool(by.feed_digest),
        "rows": [(kind, [(one, wishes.wants(by, kind, one.name)) for one in wishes.personal]) for kind in NoticeKind],
    }  # fmt: skip
    return render(request, "notices/settings.html", context, status=422 if reasons else 200)


def _wanted(request: HttpRequest) -> dict[tuple[NoticeKind, str], bool]:
    """The whole matrix: a box not ticked is not sent by the browser."""
    ticked = set(request.POST.getlist("wanted"))
    personal = [one.name for one in configured().values() if not one.group]
    return {(kind, name): f"{kind}:{name}" in ticked for kind in NoticeKind for name in personal}


def delivered(request: HttpRequest) -> HttpResponse:
    """发送情况, for those who watch over it."""
    actor, labels = access.actor(request), _labels(request)
    if not deliveries.may_watch(actor):
        raise Http404("没有这一页，或不在您的范围内")
    reads = deliveries.reads_texts(actor)
    page = Paginator(deliveries.troubles(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tallies": [(labels.get(one.channel), one) for one in deliveries.tallies(actor, labels)],
        "states": list(DispatchState), "reads": reads, "page": page, "complaint": _complaint(), "query": "",
        "rows": [(labels.get(one.channel, one.channel), one) for one in page] if reads else [],
    }  # fmt: skip
    return render(request, "notices/deliveries.html", context)


def _complaint() -> str:
    """What is wrong with the channels' file, if anything."""
    try:
        load(path())
    except ChannelError as error:
        return str(error)
    return ""


def resend(request: HttpRequest) -> HttpResponse:
    """再发一次: one of them, or all that failed by one channel."""
    if request.method != "POST":
        raise Http404("没有这一页")
    actor, back = access.actor(request), request.POST.get("back", "")
    chosen = [access.number(request.POST.get("dispatch"))]
    if channel := request.POST.get("channel"):
        known = configured().keys() & {channel}
        failed = deliveries.of_unit(actor).filter(channel__in=known, state=DispatchState.FAILED)
        chosen = list(failed.values_list("pk", flat=True))
    try:
        many = informing.resend(chosen, by=access.person(request), at=access.now())
        messages.success(request, f"已放回发送箱 {many} 条，随后再发")
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    return redirect("deliveries" if back == "deliveries" and deliveries.may_watch(actor) else "notices")


@login_not_required
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """日历订阅: whoever knows the address reads it; anything else is not there."""
    person = owner_of(secret)
    if person is None:
        raise Http404("没有这个地址")
    body = feed(
        person, at=access.now(), host=request.get_host(),
        link=lambda item: request.build_absolute_uri(reverse("item", args=[item.pk])),
    )  # fmt: skip
    return attached(HttpResponse(body, content_type="text/calendar; charset=utf-8"), "huiyin.ics")
