"""登录 (R78): allauth signs in, axes locks out, nobody signs up by himself; a first password by a one-time link."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode
from django.utils.timezone import localdate

from huiyin.actions import organising
from huiyin.models import Person, StandIn
from huiyin.web import access

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label, self.fields["password"].label = "登录名", "口令"
        self.fields.pop("remember", None)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": "现在的口令", "password1": "新口令", "password2": "新口令（再输一次）"}
        for name, label in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
            self.fields[name].widget.attrs.pop("placeholder", None)


@login_not_required
def first_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    try:
        person = Person.objects.filter(pk=int(force_str(urlsafe_base64_decode(uid))), is_active=True).first()
    except ValueError:
        person = None
    if person is None or not default_token_generator.check_token(person, token):
        raise Http404("链接已经用过或已过期，请管理员重新生成")
    form = SetPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        organising.set_first_password(person, form.cleaned_data["new_password1"], at=access.now())
        reset(username=person.username)  # a lock-out ends here
        messages.success(request, "口令已设好，请登录")
        return redirect("account_login")
    return render(request, "account/first.html", {"form": form, "person": person})


@login_not_required
def demo_people(request: HttpRequest) -> HttpResponse:
    """演示：choose a person from a list. Exists only in the demo."""
    if not settings.DEMO:
        raise Http404("没有这一页")
    standing_in = StandIn.objects.filter(
        from_on__lte=localdate(), to_on__gte=localdate(), cancelled=False
    ).values("substitute")
    people = (
        Person.objects.filter(Q(posts__isnull=False) | Q(pk__in=standing_in), is_active=True)
        .distinct()
        .prefetch_related("posts__section")
    )
    if request.method == "POST":
        chosen = people.filter(pk=access.number(request.POST.get("person"))).first()
        if chosen is None:
            raise Http404("没有这个人")
        login(request, chosen, backend=BACKEND)
        return redirect("desk")
    return render(request, "account/demo.html", {"people": people.order_by("pk")})


@login_not_required
def locked(request: HttpRequest) -> HttpResponse:
    return render(request, "account/locked.html", status=429)


@login_not_required
def closed(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Sign-up and reset by mail do not exist here; an administrator makes accounts and links."""
    raise Http404("没有这一页")
