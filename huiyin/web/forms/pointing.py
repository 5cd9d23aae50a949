"""意见点、并案和分拆的表."""

from __future__ import annotations

from typing import Any

from django import forms

from huiyin.actions.merging import MOST
from huiyin.actions.pointing import answering_units
from huiyin.models import Assignment, Point, Unit
from huiyin.queries.merging import hosts_for
from huiyin.queries.points import suggested
from huiyin.web.fields import DateField, DeedForm, text


class Points(DeedForm):
    """整理意见点：one point a line; the order of the lines is the order of the points."""

    points = forms.CharField(
        label="意见点（一行一点）", max_length=12000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text="一行写一点，行的先后就是序号：可以改字、加行、删行、调换。只改了字或次序的，已填的回应和稿本里的“答第几点”都会跟着走。",
    )  # fmt: skip

    def prepare(self) -> None:
        kept = [one.text for one in self.item.points.all()]
        self.initial.setdefault("points", "\n".join(kept or suggested(self.item)))
        if not kept:
            self.fields[
                "points"
            ].help_text = f"以上按建议原文提取，请对照原文核对。{self.fields['points'].help_text}"

    def texts(self) -> list[str]:
        return str(self.cleaned_data["points"]).splitlines()


class AnswerPoint(DeedForm):
    """填写逐条回应 of one point: the one asked for in the address, or the first without an answer."""

    ASKED = ("point",)
    point = forms.ModelChoiceField(Point.objects.none(), label="哪一点", empty_label=None)
    measure = text("措施", required=False, rows=3)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="责任单位", required=False, empty_label="请选择")
    due_on = DateField(label="完成时间", required=False)
    note = text(
        "不单独答复的说明", required=False, rows=2, help_text="与别的点一并答复、不属本单位职责等，写明原因"
    )

    def prepare(self) -> None:
        rows = self.item.points.all()
        self.fields["point"].queryset = rows  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in answering_units(self.item)]
        )
        self.fields["point"].label_from_instance = lambda one: f"第{one.number}点"  # type: ignore[attr-defined]
        one = self._asked()
        self.fields["point"].help_text = one.text if one else ""
        if one and not self.is_bound:
            self.fields["point"].queryset = rows.filter(pk=one.pk)  # type: ignore[attr-defined]
            self.initial.update({
                "point": one.pk, "measure": one.measure, "unit": one.unit_id or self.item.unit_id,
                "due_on": one.due_on, "note": one.note,
            })  # fmt: skip

    def _asked(self) -> Point | None:
        rows = list(self.item.points.all())
        asked = str((self.data if self.is_bound else self.initial).get("point", ""))
        open_ones = (one for one in rows if not one.measure and not one.note)
        return next((one for one in rows if str(one.pk) == asked), None) or next(
            open_ones, rows[0] if rows else None
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("measure") and not data.get("due_on"):  # our own unit stands there to begin with
            data["unit"] = None
        return data


class Merge(DeedForm):
    """并案：into which item; those of like title first."""

    into = forms.ModelChoiceField(
        Assignment.objects.none(), label="并入哪一件（主件）", empty_label="请选择",
        help_text="一并办理，仍各自沟通、答复、送达、评价；主件的稿本可以取用",
    )  # fmt: skip
    reason = forms.CharField(label="说明", max_length=200, required=False)

    def prepare(self) -> None:
        self.fields["into"].queryset = hosts_for(self.item, self.actor)  # type: ignore[attr-defined]


class Split(DeedForm):
    """分拆：a title and a text for each part; to begin with, one part for each point of the suggestion."""

    def prepare(self) -> None:
        points = suggested(self.item)[:MOST]
        count = MOST if self.is_bound else max(min(len(points) + 1, MOST), 3)
        for place in range(1, count + 1):
            point = points[place - 1] if len(points) >= place else ""
            self.fields[f"title{place}"] = forms.CharField(
                label="标题", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 1}),
                initial=f"关于{point[:60]}的建议" if point else "",
            )  # fmt: skip
            self.fields[f"text{place}"] = text(
                "内容（按原文）", required=False, rows=3, help_text="" if point else "两栏都留空的，不分"
            )
            self.fields[f"text{place}"].initial = point

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        names = [name for name in self.fields if name.startswith("title")]
        shown = [name for name in names if not self.is_bound or name in self.data]
        number = self.item.suggestion.number
        return [(f"第{number}-{name[5:]}号", [self[name], self[f"text{name[5:]}"]]) for name in shown]

    def parts(self) -> list[tuple[str, str]]:
        data = self.cleaned_data
        places = [name[5:] for name in self.fields if name.startswith("title")]
        return [(" ".join(data[f"title{place}"].split()), data[f"text{place}"]) for place in places]
