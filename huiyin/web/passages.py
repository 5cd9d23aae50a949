"""常用段落：the list, and the form of one."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import passages as keeping
from huiyin.models import Category, Person, StandardPassage
from huiyin.queries.passages import look, passages_of
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.fields import DateField, Grouped, text


class PassageForm(Grouped):
    seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    title = forms.CharField(label="名称", max_length=80)
    text = text("内容", rows=8, help_text="一段一行；插入后放在正文末尾")
    category = forms.ModelChoiceField(
        Category.objects.filter(active=True), label="内容分类", required=False, empty_label="（各类通用）"
    )
    basis = forms.CharField(label="依据", max_length=200, required=False, help_text="文件名、文号、条款")
    owner = forms.ModelChoiceField(
        Person.objects.none(), label="责任人", empty_label="请选择", help_text="到期前提醒他核对、修改"
    )
    expires_on = DateField(label="有效期至", help_text="过了这一天不能再插入")

    def __init__(self, *args: Any, unit: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Person.objects.filter(unit_id=unit, is_active=True).order_by("name")
        self.fields["owner"].queryset = staff.filter(posts__isnull=False).distinct()  # type: ignore[attr-defined]
        self.fields["owner"].label_from_instance = lambda one: one.name  # type: ignore[attr-defined]

    def wording(self) -> keeping.Wording:
        return keeping.Wording(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


def passages(request: HttpRequest) -> HttpResponse:
    access.must(request, Deed.KEEP_PASSAGES)
    actor = access.actor(request)
    rows = [(one, look(one, actor.on)) for one in passages_of(actor)]
    return render(request, "passages/list.html", {"rows": rows})


def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """新增、修改、停用."""
    access.must(request, Deed.KEEP_PASSAGES)
    actor, person = access.actor(request), access.person(request)
    one = passages_of(actor).filter(pk=pk).first() if pk else None
    if pk and one is None:
        raise Http404("没有这个常用段落，或不在您的范围内")
    reasons = list[str]()
    form = PassageForm(request.POST or None, unit=person.unit_id or 0, initial=_initial(one, person))
    if request.method == "POST" and _post(request, form, one, reasons):
        return redirect("passages")
    context = {
        "form": form, "one": one, "reasons": reasons, "key": access.fresh_key(), "retire_key": access.fresh_key(),
        "expired": one is not None and one.expired(actor.on),
    }  # fmt: skip
    status = 200 if request.method != "POST" else 409 if reasons else 422
    return render(request, "passages/edit.html", context, status=status)


def _post(request: HttpRequest, form: PassageForm, one: StandardPassage | None, reasons: list[str]) -> bool:
    if one is not None and "retire" in request.POST:
        done = attempt(request, "retire_passage", partial(keeping.retire, one), reasons)
        said = f"已停用“{one.title}”"
    elif form.is_valid():
        kept = partial(keeping.keep, form.wording(), known=one, seen=form.cleaned_data["seen"])
        done = attempt(request, Deed.KEEP_PASSAGES.value, kept, reasons)
        said = f"已保存“{form.cleaned_data['title']}”"
    else:
        return False
    if done and not done.again:
        messages.success(request, said)
    return done is not None


def _initial(one: StandardPassage | None, person: Person) -> dict[str, Any]:
    if one is None:
        return {"owner": person}
    names = ("title", "text", "category", "basis", "owner", "expires_on")
    return {"seen": one.edited_at.isoformat(), **{name: getattr(one, name) for name in names}}
