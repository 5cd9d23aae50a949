"""送达、抄送、回执的表 (R43–R46)."""

from __future__ import annotations

from django import forms

from huiyin.models import Delivery
from huiyin.rules.dates import md
from huiyin.rules.vocabulary import DeliveryMethod
from huiyin.web.fields import DeedForm, TermField, Today, paper, text


class Deliver(DeedForm):
    addressees = forms.MultipleChoiceField(label="收件人", widget=forms.CheckboxSelectMultiple)
    on = Today(label="送达日期")
    method = TermField(
        DeliveryMethod, label="送达方式", radio=True, help_text="当面送达即当日收到；其他的收到后再登记回执"
    )
    consent = text(
        "领衔代表同意转告的情况",
        rows=2,
        help_text="联名件由领衔代表转复：何时、以何种方式同意转告其他联名代表",
    )
    scan = paper("回执", required=False)

    def prepare(self) -> None:
        names = self.item.undelivered()
        self.fields["addressees"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        self.initial.setdefault("addressees", names)
        if not self.item.through_lead:
            del self.fields["consent"]


class SendCopies(DeedForm):
    organs = forms.MultipleChoiceField(label="抄送单位", widget=forms.CheckboxSelectMultiple)
    on = Today(label="发出日期")
    method = TermField(DeliveryMethod, label="方式", radio=True)
    scan = paper("回执", required=False)

    def prepare(self) -> None:
        names = self.item.uncopied()
        self.fields["organs"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        self.initial.setdefault("organs", names)


class Receipt(DeedForm):
    deliveries = forms.ModelMultipleChoiceField(
        Delivery.objects.none(), label="哪一份收到了", widget=forms.CheckboxSelectMultiple
    )
    on = Today(label="收到日期")
    scan = paper("回执", required=False)

    def prepare(self) -> None:
        field = self.fields["deliveries"]
        if self.item.reply:
            rows = self.item.reply.deliveries.filter(received_on__isnull=True)
            field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: (  # type: ignore[attr-defined]
            f"{one.addressee}（{'抄送，' if one.is_copy else ''}{md(one.on)}{one.get_method_display()}）"
        )
