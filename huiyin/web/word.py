"""Word修改：a draft out as a Word file, and back in after its difference has been looked at."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import Refused, replying, rewording
from huiyin.documents import word_out
from huiyin.documents.stamp import Stamp
from huiyin.documents.word_in import Picture
from huiyin.models import Assignment, ReplyVersion
from huiyin.rules import workflow
from huiyin.rules.difference import runs, side_by_side
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.downloads import DOCX, attached
from huiyin.web.fields import Grouped


class Upload(Grouped):
    scan = forms.FileField(label="改好的Word文件", help_text="Word或WPS存成的 .docx，30MB以内")


def _drafting(request: HttpRequest, pk: int) -> tuple[Assignment, ReplyVersion | None]:
    """The item and its draft; None, and told why, when it is not his to draft now."""
    item = access.item_or_404(request, pk)
    reasons = workflow.refusals(access.actor(request), item, Deed.DRAFT)
    for reason in reasons:
        messages.error(request, reason)
    return item, None if reasons else replying.opened(item)


def download(request: HttpRequest, pk: int) -> HttpResponse:
    """下载Word修改."""
    item, version = _drafting(request, pk)
    if version is None:
        return redirect("item", pk=pk)
    name = f"第{item.suggestion.number}号稿本{version.number}（供修改）.docx"
    return attached(HttpResponse(word_out.write(version), content_type=DOCX), name)


def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """导入Word：the file is chosen and kept; nothing of the draft changes yet."""
    item, version = _drafting(request, pk)
    if version is None:
        return redirect("item", pk=pk)
    form, reasons = Upload(request.POST or None, request.FILES or None), list[str]()
    if form.is_valid():
        done = attempt(
            request, "take_in_word", lambda by, at: rewording.take_in(item, form.cleaned_data["scan"], by=by, at=at),
            reasons,
        )  # fmt: skip
        if done and done.result:
            return redirect("draft_compare", pk=pk, file=done.result.pk)
        if done:
            return redirect("draft", pk=pk)
    context = {"item": item, "version": version, "form": form, "reasons": reasons, "key": access.fresh_key()}
    status = 409 if reasons else 422 if request.method == "POST" else 200
    return render(request, "items/word.html", context, status=status)


def compare(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """核对改稿：what would change, before it does."""
    item, version = _drafting(request, pk)
    if version is None:
        return redirect("item", pk=pk)
    row, reasons = item.files.filter(pk=file, purpose=rewording.PURPOSE).first(), list[str]()
    if row is None:
        raise Http404("没有这份改稿")
    if request.method == "POST":
        revision = access.number(request.POST.get("revision"))
        adopt = lambda by, at: rewording.adopt(item, row, revision=revision, by=by, at=at)  # noqa: E731
        if done := attempt(request, "adopt_word", adopt, reasons):
            if done.result:
                messages.success(request, f"已导入为{done.result}，原来的稿本已存档")
            return redirect("draft", pk=pk)
        item = Assignment.objects.get(pk=pk)
        version = replying.opened(item)
    try:
        reading = rewording.read(item, row)
        body = rewording.body_of(item, reading)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("draft_import", pk=pk)
    title = reading.title or version.title
    rows = side_by_side(version.body, body)
    context = {
        "item": item, "version": version, "file": row, "reasons": reasons, "key": access.fresh_key(), "rows": rows,
        "title": runs(version.title, title), "retitled": title != version.title, "said": reading.said,
        "pictures": sum(isinstance(one, Picture) for one in reading.found), "before": _before(version, reading.stamp),
        "changed": sum(one.changed for one in rows),
    }  # fmt: skip
    return render(request, "items/word_compare.html", context, status=409 if reasons else 200)


def _before(version: ReplyVersion, stamp: Stamp | None) -> str:
    """What the file was made from, when that is not what stands now."""
    if stamp is None:
        return "这份Word不是从本件下载的，或记号已丢失，请逐段核对"
    if version.pk is None or (stamp.number, stamp.revision) == (version.number, version.revision):
        return ""
    return f"这份Word是从稿本{stamp.number}下载的；此后{version.edited_by.name}又保存过，导入以这份Word为准，请核对别人改过的地方"
