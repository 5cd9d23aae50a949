"""考核的表：a scheme row by row, and a mark given by hand."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from huiyin.queries.score_picks import SOURCES
from huiyin.rules.scoring import HIGHEST, HUNDRED, MOST_ROWS, ZERO, Indicator, fresh_key
from huiyin.rules.vocabulary import Idle, ScoreMode
from huiyin.web.fields import TermField, text

SHORT = {ScoreMode.RATE: "比率", ScoreMode.DEDUCT: "扣分", ScoreMode.BONUS: "加分"}
WORDS = {
    "max_digits": "数太长",
    "max_whole_digits": "数太大",
    "max_decimal_places": "最多两位小数",
    "invalid": "应是一个数",
    "min_value": "不能小于0",
    "max_value": "不能大于%(limit_value)s",
}


def _number(label: str, *, first: Decimal | None = None, most: Decimal = HIGHEST) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, initial=first, min_value=ZERO, max_value=most, max_digits=6, decimal_places=2,
        error_messages=WORDS, widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip


def _sources() -> list[Any]:
    """依据, under the mode they serve. A key may serve two modes: it is written with its mode."""
    groups = [
        (mode.label, [(f"{mode}:{one.key}", f"{SHORT[mode]} · {one.label}") for one in rows.values()])
        for mode, rows in SOURCES.items()
        if rows
    ]
    return [("", "（人工评分不选）"), *groups]


class IndicatorForm(forms.Form):
    """一行指标. How it is scored follows from what it is scored by."""

    key = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    group = forms.CharField(label="组别", max_length=20)
    name = forms.CharField(label="指标", max_length=30)
    source = forms.ChoiceField(label="怎样评分、依据", required=False, choices=_sources)
    full = _number("满分（加分封顶）")
    step = _number("每点（件）分")
    target = _number("达到%得满分", most=HUNDRED)
    floor = _number("最低分")
    idle = TermField(Idle, label="不涉及时", required=False, initial=Idle.LEFT_OUT)
    note = forms.CharField(label="说明", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idle"].choices = Idle.choices()  # type: ignore[attr-defined]

    def indicator(self, key: str) -> Indicator:
        data = self.cleaned_data
        mode, _, source = data["source"].rpartition(":")
        return Indicator(
            key=key, group=data["group"].strip(), name=data["name"].strip(), mode=ScoreMode(mode or ScoreMode.BY_HAND),
            source=source, full=data["full"] or ZERO, step=data["step"] or ZERO,
            target=HUNDRED if data["target"] is None else data["target"], floor=data["floor"] or ZERO,
            idle=data["idle"] or Idle.LEFT_OUT, note=data["note"].strip(),
        )  # fmt: skip


class _Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """全部指标, in the order of their numbers."""

    default_error_messages = {
        "too_many_forms": f"指标不能超过{MOST_ROWS}项",
        "missing_management_form": "表单不完整，请重新打开这一页",
    }

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label, form.fields["DELETE"].label = "次序", "删去"
        for field in form.fields.values():  # the table's heads are not read out with a box
            field.widget.attrs["aria-label"] = str(field.label)

    def indicators(self, taken: set[str]) -> list[Indicator]:
        """The rows that stay; a new one gets a key that none ever had."""
        kept = [one for one in self.ordered_forms if not one.cleaned_data.get("DELETE")]
        found = []
        for form in kept:
            key = form.cleaned_data["key"]
            if key not in taken:
                key = fresh_key(taken)
                taken.add(key)
            found.append(form.indicator(key))
        return found


RowSet = forms.formset_factory(
    IndicatorForm, formset=_Rows, extra=2, can_order=True, can_delete=True, max_num=MOST_ROWS, validate_max=True,
    absolute_max=MOST_ROWS + 10,
)  # fmt: skip


def initial(rows: Sequence[Indicator]) -> list[dict[str, Any]]:
    """What the page's rows say first; what does not bear on a row is left empty."""
    return [
        {
            "key": one.key, "group": one.group, "name": one.name, "full": one.full, "step": one.step or None,
            "floor": one.floor or None, "target": one.target if one.mode == ScoreMode.RATE else None, "idle": one.idle,
            "note": one.note, "source": f"{one.mode}:{one.source}" if one.source else "",
        }
        for one in rows
    ]  # fmt: skip


class SchemeForm(forms.Form):
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(label="改动说明", max_length=200, help_text="改了什么，为什么；会随这一版留存")


class MarkForm(forms.Form):
    mark = _number("得分")
    reason = text("理由", rows=3, help_text="写明事实和材料；最多300字")

    def __init__(self, *args: Any, one: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mark"]
        field.required, self.fields["reason"].max_length = True, 300  # type: ignore[attr-defined]
        field.help_text = f"{one.floor.normalize():f} 至 {one.full.normalize():f} 分"
