"""会议 (S10): the leaders' meetings, their agenda and what they decided."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import convening
from huiyin.queries.supervision import agenda_for, meetings_for, supervised
from huiyin.rules.permissions import may
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.fields import DateField

LATEST = 100


class Convene(forms.Form):
    name = forms.CharField(label="会议名称", max_length=60, help_text="如 2020年第8次局长办公会")
    on = DateField(label="日期")
    place = forms.CharField(label="地点", max_length=60, required=False)


def meetings(request: HttpRequest) -> HttpResponse:
    actor = access.actor(request)
    form, reasons, status = Convene(request.POST or None), list[str](), 200
    if request.method == "POST":
        access.must(request, Deed.CONVENE)
        status = 422
        if form.is_valid():
            status = 409
            if done := _convene(request, form, reasons):
                return done
    rows = [(one, agenda_for(actor, one).count()) for one in meetings_for(actor)[:LATEST]]
    context = {
        "meetings": rows, "form": form if may(actor, Deed.CONVENE) else None, "reasons": reasons,
        "key": access.fresh_key(), "today": actor.on,
    }  # fmt: skip
    return render(request, "supervision/meetings.html", context, status=status)


def _convene(request: HttpRequest, form: Convene, reasons: list[str]) -> HttpResponse | None:
    done = attempt(request, Deed.CONVENE.value, partial(convening.convene, **form.cleaned_data), reasons)
    if done is None or done.result is None:
        return redirect("meetings") if done else None
    messages.success(request, f"已安排{done.result.name}")
    return redirect("meeting", pk=done.result.pk)


def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """一次会议：its agenda, what was decided and how far it is."""
    actor = access.actor(request)
    found = meetings_for(actor).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这次会议，或不在您的范围内")
    agenda = list(agenda_for(actor, found))
    context = {
        "meeting": found, "agenda": [(one, supervised(one, actor)) for one in agenda],
        "may_decide": may(actor, Deed.CONVENE),
    }  # fmt: skip
    return render(request, "supervision/meeting.html", context)
