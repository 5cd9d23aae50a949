"""页框：what every page's frame shows: unit, person, navigation with counts."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from huiyin.models import Person
from huiyin.queries import profiles
from huiyin.queries.badge import waiting_count
from huiyin.queries.inbox import unread
from huiyin.queries.scoring import sees_cards
from huiyin.rules.permissions import Actor, may
from huiyin.rules.vocabulary import Deed, Role
from huiyin.web.access import actor

UNDER = {"/items/": "ledger", "/supervision/": "board"}  # pages under an entry whose address is another
LEADERS = (Role.HANDLING_LEADER, Role.BUSINESS_LEADER, Role.CHIEF_LEADER)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False
    count: int = 0
    divider: bool = False


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if not isinstance(user, Person):
        return {"shell": {"is_demo": settings.DEMO}}
    who = actor(request)
    return {
        "shell": {
            "unit_name": user.unit.name if user.unit else "",
            "person_name": user.name,
            "person_label": _label(user),
            "nav": _nav(request, who),
            "unread": unread(user.pk),
            "is_demo": settings.DEMO,
            "can_search": not _administers(who),
            "scored": sees_cards(who),
            "co": profiles.word(user.unit, "协办") if user.unit else "",
        }
    }


def _label(user: Person) -> str:
    posts = list(user.posts.select_related("section"))
    if not posts:
        return user.title or "未任岗"
    leaders = [one for one in posts if one.role == Role.BUSINESS_LEADER]
    return "分管业务局领导" if leaders else str(posts[0])


def _administers(who: Actor) -> bool:
    return who.has(Role.ADMINISTRATOR)


def _nav(request: HttpRequest, who: Actor) -> list[Link]:
    if _administers(who):
        pages = [
            ("机构人员", "organisation", 0),
            ("办理规程", "profiles", 0),
            ("公文模板", "paper_templates", 0),
            ("发送情况", "deliveries", 0),
        ]
    else:
        pages = [
            ("我的待办", "desk", waiting_count(who)),
            *([("领导看板", "figures_board", 0)] if who.has(*LEADERS) else []),
            ("建议台账", "ledger", 0),
            ("督办看板", "board", 0),
            ("承诺与回访", "promises", 0),
            ("会议", "meetings", 0),
        ]
        pages += [("送达", "dispatch", 0)] if who.posts else []
        pages += [("登记与导入", "intake", 0)] if may(who, Deed.REGISTER) else []
        pages += [("常用段落", "passages", 0)] if may(who, Deed.KEEP_PASSAGES) else []
        pages += [("工作日历", "calendars", 0)] if may(who, Deed.SET_CALENDAR) else []
        pages += (
            [("答复公开", "public_settings", 0)]
            if may(who, Deed.REGISTER) or may(who, Deed.SET_PUBLIC)
            else []
        )
        pages += [("统计数字", "figures", 0)]
        pages += [("年度文稿", "year_papers", 0)] if may(who, Deed.SUMMARISE) else []
        pages += [("办理规程", "profiles", 0)] if may(who, Deed.REGISTER) else []
        pages += [("公文模板", "paper_templates", 0)] if may(who, Deed.SET_TEMPLATE) else []
    urls = [reverse(name) for _, name, _ in pages]
    path = next(
        (reverse(name) for start, name in UNDER.items() if request.path.startswith(start)), request.path
    )
    here = max((url for url in urls if url != "/" and path.startswith(url)), key=len, default="/")
    return [
        Link(label, url, url == here and (url != "/" or request.path == "/"), count)
        for url, (label, _, count) in zip(urls, pages, strict=True)
    ]
