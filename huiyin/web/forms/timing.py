"""延期、中止计时的表."""

from __future__ import annotations

from django import forms

from huiyin.models import Suspension
from huiyin.rules.dates import zh
from huiyin.web.fields import DateField, DeedForm, Today, paper, text


class AskExtension(DeedForm):
    wanted_on = DateField(label="申请延至")
    reason = text("延期的理由", help_text="哪些工作还没有完成、为什么需要这些时间")

    def prepare(self) -> None:
        cap = self.item.profile.values["extension.cap"].label
        self.fields["wanted_on"].help_text = f"自交办之日起最长{cap}；交办机关决定之前，原时限照走"


class GrantExtension(DeedForm):
    on = Today(label="决定日期")
    granted_to = DateField(label="同意延至")
    agreed_by = forms.MultipleChoiceField(
        label="同意的机关", widget=forms.CheckboxSelectMultiple, required=False
    )
    note = text("决定内容", required=False, rows=2)
    scan = paper("交办机关的来文", required=False)

    def prepare(self) -> None:
        organs = self.item.profile.values["extension.agreed_by"]
        self.fields["agreed_by"].choices = [(one, one) for one in organs]  # type: ignore[attr-defined]
        self.fields["scan"].required = bool(organs)
        self.initial.setdefault("agreed_by", organs if len(organs) == 1 else [])
        if not organs:  # the unit itself decides
            del self.fields["agreed_by"]
        asked = self.item.extension_pending()
        self.initial.setdefault("granted_to", asked.wanted_on if asked else None)


class RefuseExtension(DeedForm):
    on = Today(label="决定日期")
    note = text("决定内容", required=False, rows=2)
    scan = paper("交办机关的来文")


class TellExtension(DeedForm):
    on = Today(label="告知日期")
    how = text("告知的方式", rows=2, help_text="电话、书面、当面等，代表怎么说")


class Suspend(DeedForm):
    from_on = Today(label="自何日起中止计时")
    reason = text("中止的事由", rows=3)
    scan = paper("交办机关的来文")


class Resume(DeedForm):
    suspension = forms.ModelChoiceField(Suspension.objects.none(), label="哪一次中止", empty_label=None)
    on = Today(label="恢复日期", help_text="这一天起重新计时")
    note = text("说明", required=False, rows=2)

    def prepare(self) -> None:
        field, clock = self.fields["suspension"], self.item.main_clock
        if clock is not None:
            field.queryset = clock.suspensions.filter(to_on__isnull=True)  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{zh(one.from_on)}起：{one.reason[:40]}"  # type: ignore[attr-defined]
