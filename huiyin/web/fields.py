"""表单的栏：fields and forms the pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from huiyin.models import Assignment
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Term

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class DateField(forms.DateField):
    """日期：the browser's own picker; 2020-08-03 and 2020年8月3日 are both read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d"],
            error_messages={"invalid": "日期应写成 2020-08-03"},
            **options,
        )


class Today(DateField):
    """日期, at first the day the form is opened (a `DeedForm` fills it in)."""


class TermField(forms.TypedChoiceField):
    """封闭词表里的一个词."""

    def __init__(
        self, terms: type[Term], *, radio: bool = False, only: tuple[Term, ...] = (), **options: Any
    ) -> None:
        choices = [(one.value, one.label) for one in (only or tuple(terms))]
        if radio:
            options["widget"] = forms.RadioSelect()
        else:
            choices = [("", "请选择"), *choices]
        super().__init__(choices=choices, coerce=terms, empty_value=None, **options)


class Files(forms.FileField):
    """几个文件."""

    widget = type("ManyFiles", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        rows = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(Files, self).clean(one, initial) for one in rows]


def text(label: str, *, required: bool = True, rows: int = 4, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def paper(label: str, *, required: bool = True, help_text: str = "") -> forms.FileField:
    return forms.FileField(
        label=label, required=required, help_text=help_text or "PDF、图片、Word、Excel，30MB以内",
    )  # fmt: skip


class Grouped(forms.Form):
    """一张表分几栏: GROUPS names the fields under each heading; without it they stand one below the other."""

    GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if getattr(field, "empty_label", None) == "---------":  # Django's
                field.empty_label = "请选择" if field.required else "不选"  # type: ignore[attr-defined]

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        own = [
            (legend, [self[name] for name in names if name in self.fields]) for legend, names in self.GROUPS
        ]
        return [one for one in own if one[1]]


class DeedForm(Grouped):
    """一个动作的表. Knows its item and who fills it, so that its choices are the real ones.
    ASKED names the fields a link to it may fill (`?point=3`)."""

    ASKED: tuple[str, ...] = ()

    def __init__(self, *args: Any, item: Assignment, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.actor = item, actor
        for field in self.fields.values():
            if isinstance(field, Today):
                field.initial = actor.on
        self.prepare()
        for field in self.fields.values():  # 协办 or 会办, as the place says
            field.label, field.help_text = (
                item.profile.say(str(field.label)),
                item.profile.say(str(field.help_text)),
            )

    def prepare(self) -> None:
        """Fill choices and first values from the item."""


class Empty(DeedForm):
    pass


class Reason(DeedForm):
    reason = text("理由")
