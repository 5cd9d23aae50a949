"""协办填报链接的页 (S11, R85): an outside unit reads what it is asked, signs for it, answers, without an account. Its secret
is the whole authority: no cookie or sign-in counts here, reading changes nothing, and whatever does not lead anywhere
(any more) gets one and the same sentence."""

from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.csrf import csrf_exempt

from huiyin.actions import AlreadyDone, Refused, linking, once, taken
from huiyin.actions.linking import GONE, Answer, NoLink, Opened
from huiyin.models import AnswerLink, Assignment, CoOpinion
from huiyin.queries.opinions import link_of, live_link
from huiyin.web import access
from huiyin.web.fields import paper, text

HEADERS = {
    "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store",
}  # fmt: skip


class View(Protocol):
    def __call__(self, request: HttpRequest, secret: str) -> HttpResponse: ...


def discreet(view: View) -> View:
    """Nobody keeps the page, indexes it, or is told where one came from."""

    @wraps(view)
    def wrapped(request: HttpRequest, secret: str) -> HttpResponse:
        response = view(request, secret)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return wrapped


class AnswerForm(forms.Form):
    """意见和填报人. `agreed` only where a draft is countersigned."""

    agreed = forms.BooleanField(label="同意，没有意见", required=False)
    body = text("意见", required=False, rows=8)
    name = forms.CharField(label="填报人姓名", max_length=20)
    phone = forms.RegexField(
        r"^[0-9+() \-]{5,20}$", label="联系电话", error_messages={"invalid": "电话只写数字，可以带区号"}
    )
    follows = forms.ChoiceField(
        label="盖章的意见函", choices=[("now", "现在上传扫描件或照片（下一步选文件）"), ("later", "纸质件随后送达")],
        initial="now", widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, *args: Any, opinion: CoOpinion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.countersigns = opinion.countersigns
        self.fields["body"].help_text = (
            "有修改意见的，写明改哪一处、怎样改、依据是什么" if self.countersigns
            else "写明已采取的措施、下一步安排和完成时间；暂不能解决的，说明原因和依据。最多5000字"
        )  # fmt: skip
        if not self.countersigns:
            del self.fields["agreed"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["follows"] = data.get("follows") == "later"
        if not data.get("agreed") and "body" in data and not data["body"].strip():
            self.add_error("body", "还没有写意见" + ("，也没有选“同意”" if self.countersigns else ""))
        if data.get("agreed") and data.get("body", "").strip():
            self.add_error("body", "选了“同意，没有意见”，就不要再写意见；有意见的，请去掉“同意”")
        return data


class PaperForm(forms.Form):
    """盖章件, chosen on the page where all is looked over once more."""

    scan = paper("盖章的意见函（扫描件或照片）")


@dataclass(frozen=True)
class Page:
    """一次打开：the secret, its link, and what was posted."""

    request: HttpRequest
    secret: str
    link: AnswerLink

    @property
    def opinion(self) -> CoOpinion:
        return self.link.opinion

    def show(self, template: str, *, status: int = 200, **more: Any) -> HttpResponse:
        item = self.opinion.assignment
        facts = {
            "link": self.link, "opinion": self.opinion, "item": item, "suggestion": item.suggestion,
            "unit": item.unit, "contact": item.handler, "key": access.fresh_key(), "shown": _shown(item),
            "late": self.opinion.due_on < localdate(), "url": reverse("answer", args=[self.secret]),
        }  # fmt: skip
        return render(self.request, f"answer/{template}.html", {**facts, **more}, status=status)


def _shown(item: Assignment) -> bool:
    """May the text leave the unit? As on the letter that goes with it (R6, R7)."""
    return not (item.suggestion.secret or item.suggestion.confidential)


@login_not_required
@csrf_exempt  # no cookie has any power here: who knows the address may answer, and nobody else can post to it
@discreet
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    link = live_link(linking.digest_of(secret), localdate())
    if link is None:
        return _sent_before(request, secret) or _gone(request)
    try:
        return _answer(Page(request, secret, link))
    except NoLink:
        return _gone(request)


def _sent_before(request: HttpRequest, secret: str) -> HttpResponse | None:
    """The same form sent a second time (a double click, a lost answer) is told what came in the first time."""
    link = link_of(linking.digest_of(secret))
    if link is None or not taken(request.POST.get("key", ""), _deed(link)):
        return None
    return Page(request, secret, link).show("done")


def _deed(link: AnswerLink) -> str:
    return f"answer_link:{link.pk}"


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "answer/gone.html", {"said": GONE}, status=404)


def _answer(page: Page) -> HttpResponse:
    posted = page.request.POST
    if page.request.method != "POST":
        return page.show("page", form=AnswerForm(opinion=page.opinion))
    if "accept" in posted:
        return _accept(page)
    form = AnswerForm(posted, opinion=page.opinion)
    if "back" in posted:
        return page.show("page", form=AnswerForm(opinion=page.opinion, initial=posted.dict()))
    if not form.is_valid():
        return page.show("page", form=form, status=422)
    if "send" in posted:
        return _send(page, form)
    return page.show("confirm", form=form, paper=PaperForm())


def _accept(page: Page) -> HttpResponse:
    try:
        linking.accept_by_link(page.secret, at=access.now())
    except Refused as refused:
        fresh = live_link(page.link.digest, localdate())
        if fresh is None or not fresh.opinion.accepted_on:  # signed for already is as good
            return page.show(
                "page", form=AnswerForm(opinion=page.opinion), reasons=refused.reasons, status=409
            )
    return redirect("answer", secret=page.secret)


def _send(page: Page, form: AnswerForm) -> HttpResponse:
    data, at = form.cleaned_data, access.now()
    scan = PaperForm(page.request.POST, page.request.FILES)
    if not data["follows"] and not scan.is_valid():
        return page.show("confirm", form=form, paper=scan, status=422)
    given = Answer(
        data["body"], data["name"], data["phone"], agreed=data.get("agreed", False),
        paper=None if data["follows"] else scan.cleaned_data["scan"],
    )  # fmt: skip
    try:
        with once(page.request.POST.get("key", ""), _deed(page.link), by=page.link.opened_by, at=at):
            linking.answer_by_link(page.secret, given, at=at)
    except AlreadyDone:
        pass
    except Refused as refused:
        return page.show("confirm", form=form, paper=PaperForm(), reasons=refused.reasons, status=409)
    link = link_of(page.link.digest)
    assert link is not None
    return Page(page.request, page.secret, link).show("done")


def show_link(request: HttpRequest, item: Assignment, opened: Opened) -> HttpResponse:
    """开通后的一页: the only time the address is seen."""
    address = request.build_absolute_uri(reverse("answer", args=[opened.secret]))
    return render(request, "answer/opened.html", {"item": item, "link": opened.link, "address": address})
