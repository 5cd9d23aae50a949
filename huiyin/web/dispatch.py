"""送达：signed and not sent, sent and not received, copies not sent; receipts are recorded in one go."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from huiyin.actions import delivering
from huiyin.models import Delivery, Meeting
from huiyin.queries import dispatch as show
from huiyin.queries.actors import items_for
from huiyin.rules.vocabulary import Deed, DeliveryMethod
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.fields import DateField, paper

PAGE_SIZE = 100


class Received(forms.Form):
    on = DateField(label="收到日期")
    scan = paper("回执", required=False, help_text="几份合在一个文件里的，上传一次即可")


def dispatch(request: HttpRequest) -> HttpResponse:
    """送达台账；成批登记回执."""
    actor, reasons = access.actor(request), list[str]()
    form = Received(request.POST or None, request.FILES or None, initial={"on": actor.on})
    chosen = {access.number(one) for one in request.POST.getlist("delivery")}
    if request.method == "POST" and form.is_valid() and _received(request, form, chosen, reasons):
        return redirect(f"{reverse('dispatch')}?show=unreceived")
    which = "unreceived" if request.method == "POST" else request.GET.get("show", "unsent")
    which = which if which in show.SHOWN else "unsent"
    meeting = Meeting.objects.filter(pk=access.number(request.GET.get("meeting"))).first()
    method = request.GET.get("method", "")
    method = method if method in set(DeliveryMethod) and which == "unreceived" else ""
    counts = show.counts(actor, meeting)
    page = Paginator(show.shown(actor, which, meeting, method), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page, "which": which, "tabs": [(key, label, counts[key]) for key, label in show.SHOWN.items()],
        "meeting": meeting, "meetings": Meeting.objects.all(), "method": method, "methods": DeliveryMethod.choices(),
        "form": form, "reasons": reasons, "key": access.fresh_key(), "chosen": chosen, "may_receive": any(one.his for one in page),
        "query": f"show={which}&meeting={meeting.pk if meeting else ''}&method={method}&",
    }  # fmt: skip
    status = 200 if request.method != "POST" else 409 if reasons else 422
    return render(request, "dispatch.html", context, status=status)


def _received(request: HttpRequest, form: Received, chosen: set[int], reasons: list[str]) -> bool:
    mine = items_for(access.actor(request))
    rows = list(Delivery.objects.filter(pk__in=chosen, reply__assignment__in=mine).select_related("reply"))
    done = attempt(
        request, Deed.RECEIPT.value, partial(delivering.receipts, rows, **form.cleaned_data), reasons
    )
    if done and not done.again:
        messages.success(request, f"已登记{done.result}份回执")
    return done is not None
