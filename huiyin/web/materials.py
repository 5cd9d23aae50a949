"""手边的材料：standard passages and earlier replies beside the draft; a button saves the draft and puts one in."""

from typing import Any

from django.http import HttpRequest

from huiyin.actions import Refused, passages
from huiyin.models import Assignment, ReplyVersion, StandardPassage
from huiyin.queries.earlier import copy_of, earlier
from huiyin.queries.passages import fitting
from huiyin.rules.permissions import Actor, may
from huiyin.rules.vocabulary import Deed
from huiyin.web import access

PUT = "已放在正文末尾，请移到合适的位置"


def side(item: Assignment, version: ReplyVersion | None, actor: Actor) -> dict[str, Any]:
    return {
        "passages": fitting(item, actor.on), "earlier": earlier(item, actor),
        "keeps_passages": may(actor, Deed.KEEP_PASSAGES),
    }  # fmt: skip


def pressed(request: HttpRequest, item: Assignment, version: ReplyVersion) -> str:
    """A button of the card: what was done, "" when it was none of ours."""
    what, _, rest = request.POST.get("press", "").partition("-")
    by, at = access.person(request), access.now()
    if what == "passage":
        row = StandardPassage.objects.filter(pk=access.number(rest)).first()
        if row is None:
            raise Refused("没有这个常用段落")
        passages.insert(item, row, revision=version.revision, by=by, at=at)
        return f"常用段落“{row.title}”{PUT}"
    if what != "earlier":
        return ""
    key, _, number = rest.partition("-")
    text = _copied(item, access.actor(request), access.number(key), access.number(number))
    passages.append(item, text, revision=version.revision, by=by, at=at)
    return f"往年答复的一段{PUT}"


def _copied(item: Assignment, actor: Actor, key: int, number: int) -> str:
    """The paragraph asked for, of a reply that is offered to him here."""
    for one in earlier(item, actor):
        blocks = one.reply.version.blocks()
        if one.reply.pk == key and 1 <= number <= len(blocks) and (text := copy_of(blocks[number - 1])):
            return text
    raise Refused("没有这份往年答复，或已不在您的范围内")
