"""稿本：any two versions side by side; the annexes that go out with the letter."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import replying
from huiyin.models import Assignment, ReplyVersion, StoredFile
from huiyin.rules import workflow
from huiyin.rules.difference import side_by_side
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """两稿对照: `a` beside `b`; without them the last two."""
    item = access.item_or_404(request, pk)
    versions = {one.number: one for one in item.versions.select_related("edited_by")}
    if not versions:
        raise Http404("还没有稿本")
    last = max(versions)
    left = _asked(request, "a", versions, max((one for one in versions if one < last), default=last))
    right = _asked(request, "b", versions, last)
    rows = side_by_side(left.clean_body(), right.clean_body())
    facts = [
        (str(label), getattr(left, name), getattr(right, name))
        for name, label in (
            (one.name, getattr(one, "verbose_name", "")) for one in ReplyVersion._meta.get_fields()
        )
        if name in replying.FACTS and getattr(left, name) != getattr(right, name)
    ]
    context = {
        "item": item, "left": left, "right": right, "rows": rows, "facts": facts,
        "changed": sum(one.changed for one in rows), "versions": sorted(versions.values(), key=lambda one: -one.number),
    }  # fmt: skip
    return render(request, "items/compare.html", context)


def _asked(request: HttpRequest, key: str, versions: dict[int, ReplyVersion], otherwise: int) -> ReplyVersion:
    number = request.GET.get(key, str(otherwise))
    found = versions.get(int(number)) if number.isdecimal() and len(number) < 6 else None
    if found is None:
        raise Http404("没有这个稿本")
    return found


def annexes(request: HttpRequest, pk: int) -> HttpResponse:
    """随文附件 of the version being written: chosen among the item's files, named and put in order."""
    item = access.item_or_404(request, pk)
    if refusals := workflow.refusals(access.actor(request), item, Deed.DRAFT):
        for reason in refusals:
            messages.error(request, reason)
        return redirect("item", pk=pk)
    reasons = list[str]()
    if request.method == "POST":
        chosen = _chosen(request, item)
        done = attempt(request, "annexes", lambda **who: replying.keep_annexes(item, chosen, **who), reasons)
        if done is not None:
            messages.success(request, "附件已存，随稿本一起送审")
            return redirect("draft", pk=pk)
    context = {"item": item, "rows": _rows(request, item), "reasons": reasons, "key": access.fresh_key()}
    return render(request, "items/annexes.html", context, status=409 if reasons else 200)


def _chosen(request: HttpRequest, item: Assignment) -> list[tuple[str, StoredFile]]:
    """The files ticked, in the order of the numbers written beside them."""
    ticked = request.POST.getlist("file")
    files = [one for one in item.files.all() if str(one.pk) in ticked]
    orders = {one.pk: access.number(request.POST.get(f"order_{one.pk}", "")) or 0 for one in files}
    return [
        (request.POST.get(f"name_{one.pk}", "").replace("\0", ""), one)
        for one in sorted(files, key=lambda one: (orders[one.pk], one.pk))
    ]


def _rows(request: HttpRequest, item: Assignment) -> list[dict[str, Any]]:
    draft = item.draft
    kept = {one.file_id: one for one in draft.annexes.all()} if draft else {}
    rows, posted = [], request.method == "POST"
    for file in item.files.select_related("uploaded_by"):
        annex = kept.get(file.pk)
        name = request.POST.get(f"name_{file.pk}") if posted else annex.name if annex else ""
        order = request.POST.get(f"order_{file.pk}") if posted else annex.order if annex else ""
        ticked = str(file.pk) in request.POST.getlist("file") if posted else annex is not None
        rows.append(
            {
                "file": file,
                "name": name or file.name.rpartition(".")[0] or file.name,
                "order": order,
                "ticked": ticked,
            }
        )
    return sorted(rows, key=lambda row: (not row["ticked"], access.number(str(row["order"])) or 99))
