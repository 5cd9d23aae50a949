"""机构人员 (S8): kept by an administrator, who has no business access."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import organising
from huiyin.models import Category, Meeting, Person, Post, Section, StandIn, Unit
from huiyin.queries.links import first_link
from huiyin.rules.vocabulary import SECTION_ROLES, Deed, Role
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.fields import DateField, TermField


class PersonForm(forms.Form):
    username = forms.CharField(label="登录名", max_length=60)
    name = forms.CharField(label="姓名", max_length=40)
    title = forms.CharField(label="职务", max_length=60, required=False)
    phone = forms.CharField(label="办公电话", max_length=40, required=False)
    section = forms.ModelChoiceField(Section.objects.none(), label="科室", required=False)
    active = forms.BooleanField(label="在用（不勾即停用，不能再登录）", required=False, initial=True)

    def run(self, one: Person | None, **by: Any) -> object:
        return organising.save_person(organising.PersonEntry(**self.cleaned_data), person=one, **by)


class SectionForm(forms.Form):
    name = forms.CharField(label="科室名称", max_length=60)
    short_name = forms.CharField(label="简称", max_length=30)
    order = forms.IntegerField(label="排序", min_value=0, max_value=999, initial=1)
    active = forms.BooleanField(label="在用", required=False, initial=True)

    def run(self, one: Section | None, **by: Any) -> object:
        return organising.save_section(**self.cleaned_data, section=one, **by)


class UnitForm(forms.Form):
    name = forms.CharField(label="全称", max_length=80)
    short_name = forms.CharField(label="简称", max_length=40)
    assigns = forms.BooleanField(label="是交办机关", required=False)

    def run(self, one: Unit | None, **by: Any) -> object:
        return organising.save_unit(**self.cleaned_data, unit=one, **by)


class MeetingForm(forms.Form):
    name = forms.CharField(label="简称", max_length=30, help_text="如 五届五次")
    title = forms.CharField(label="全称", max_length=80, help_text="如 赣州市五届人大五次会议")
    year = forms.IntegerField(label="年度", min_value=1949, max_value=2200)
    organ = forms.CharField(label="公文里的称呼", max_length=40, help_text="如 市五届人大五次会议")
    fixed_due_on = DateField(label="批次定日", required=False, help_text="交办通知定的最后答复日，可不填")

    def run(self, one: Meeting | None, **by: Any) -> object:
        return organising.save_meeting(**self.cleaned_data, meeting=one, **by)


class CategoryForm(forms.Form):
    name = forms.CharField(label="分类", max_length=40)
    order = forms.IntegerField(label="排序", min_value=0, max_value=999, initial=1)

    def run(self, one: Category | None, **by: Any) -> object:
        return organising.save_category(**self.cleaned_data, category=one, **by)


class AppointForm(forms.Form):
    person = forms.ModelChoiceField(Person.objects.none(), label="人员")
    role = TermField(Role, label="岗位")
    section = forms.ModelChoiceField(
        Section.objects.none(), label="科室", required=False,
        help_text=f"{'、'.join(one.label for one in Role if one in SECTION_ROLES)}须选；分管领导分管几个科室就任几次",
    )  # fmt: skip

    def run(self, _: object, **by: Any) -> object:
        return organising.appoint(**self.cleaned_data, **by)


class StandInForm(forms.Form):
    absent = forms.ModelChoiceField(Person.objects.none(), label="不在岗的人")
    substitute = forms.ModelChoiceField(Person.objects.none(), label="代职人")
    from_on = DateField(label="自")
    to_on = DateField(label="至（含当日）")
    reason = forms.CharField(label="事由", max_length=100, required=False)

    def run(self, _: object, **by: Any) -> object:
        return organising.stand_in(**self.cleaned_data, **by)


KINDS: dict[str, tuple[str, Any, type[forms.Form]]] = {
    "person": ("人员", Person, PersonForm),
    "section": ("科室", Section, SectionForm),
    "unit": ("外单位", Unit, UnitForm),
    "meeting": ("届次会议", Meeting, MeetingForm),
    "category": ("内容分类", Category, CategoryForm),
    "post": ("岗位", None, AppointForm),
    "stand-in": ("代职", None, StandInForm),
}


def organisation(request: HttpRequest) -> HttpResponse:
    access.must(request, Deed.ORGANISE)
    unit = access.person(request).unit
    people = Person.objects.filter(unit=unit).select_related("section").prefetch_related("posts__section")
    context = {
        "unit": unit,
        "sections": Section.objects.filter(unit=unit).prefetch_related("posts__person"),
        "people": people.order_by("-is_active", "pk"),
        "unit_posts": Post.objects.filter(unit=unit, section__isnull=True).select_related("person"),
        "stand_ins": StandIn.objects.filter(absent__unit=unit).select_related("absent", "substitute"),
        "units": Unit.objects.exclude(pk=unit.pk if unit else 0),
        "meetings": Meeting.objects.all(),
        "categories": Category.objects.all(),
        "today": access.actor(request).on,
    }
    return render(request, "organisation/organisation.html", context)


def _own(request: HttpRequest, kind: str, pk: int | None) -> Any:
    """The row to edit, of the administrator's own unit; None for a new one."""
    model = KINDS[kind][1]
    if pk is None:
        return None
    rows: Any = model.objects.all() if model is not None else Unit.objects.none()
    if kind in {"person", "section"}:
        rows = rows.filter(unit=access.person(request).unit)
    if kind == "unit":
        rows = rows.filter(hosted=False)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("没有这一项")
    return found


def edit(request: HttpRequest, kind: str, pk: int | None = None) -> HttpResponse:
    access.must(request, Deed.ORGANISE)
    if kind not in KINDS:
        raise Http404("没有这一页")
    label, _, form_class = KINDS[kind]
    one, reasons = _own(request, kind, pk), list[str]()
    form = form_class(request.POST or None, initial=_initial(one, form_class))
    _choices(request, form)
    run = partial(form.run, one)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and _attempt(request, reasons, run, kind):
        return redirect("organisation")
    context = {"form": form, "label": label, "one": one, "reasons": reasons, "key": access.fresh_key()}
    return render(request, "organisation/edit.html", context, status=422 if request.method == "POST" else 200)


def _attempt(request: HttpRequest, reasons: list[str], run: Callable[..., object], kind: str) -> bool:
    """Run one deed of the administrator's; False with the reasons when it is refused."""
    done = attempt(request, f"organise:{kind}", run, reasons)
    if done is None or done.again:
        return done is not None
    made = done.result
    messages.success(request, "已保存")
    if isinstance(made, Person) and not made.has_usable_password():
        link = request.build_absolute_uri(first_link(made))
        messages.warning(request, f"请把这个一次性链接交给{made.name}设置口令（三天内有效）：{link}")
    return True


def _initial(one: Any, form_class: type[forms.Form]) -> dict[str, Any]:
    if one is None:
        return {}
    found = {name: getattr(one, name) for name in form_class.base_fields if hasattr(one, name)}
    return {**found, **({"active": one.is_active} if isinstance(one, Person) else {})}


def _choices(request: HttpRequest, form: forms.Form) -> None:
    unit = access.person(request).unit
    people = Person.objects.filter(unit=unit, is_active=True)
    for name, field in form.fields.items():
        if name in {"person", "absent", "substitute"}:
            field.queryset = people  # type: ignore[attr-defined]
        elif name == "section":
            field.queryset = Section.objects.filter(unit=unit, active=True)  # type: ignore[attr-defined]


def remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """免岗、取消代职、重发一次性链接."""
    access.must(request, Deed.ORGANISE)
    unit = access.person(request).unit
    if request.method != "POST":
        raise Http404("没有这一页")
    reasons = list[str]()
    if kind == "post" and (post := Post.objects.filter(pk=pk, unit=unit).first()):
        _attempt(request, reasons, partial(organising.dismiss, post), kind)
    elif kind == "stand-in" and (row := StandIn.objects.filter(pk=pk, absent__unit=unit).first()):
        _attempt(request, reasons, partial(organising.end_stand_in, row), kind)
    elif kind == "link" and (one := Person.objects.filter(pk=pk, unit=unit, is_active=True).first()):
        messages.warning(
            request, f"请把这个一次性链接交给{one.name}：{request.build_absolute_uri(first_link(one))}"
        )
    else:
        raise Http404("没有这一项")
    for reason in reasons:
        messages.error(request, reason)
    return redirect("organisation")
