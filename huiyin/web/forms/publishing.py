"""公开稿的表 (R47–R49): the reply beside what the public will read, with each find to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from huiyin.documents import cleaning, opening
from huiyin.models import Annex, Reply
from huiyin.queries.publishing import Run, latest, marked, plain, proposed, proposed_title
from huiyin.rules.redaction import Find, found, mark_of
from huiyin.rules.vocabulary import Disclosure
from huiyin.web.fields import DeedForm, Today, text

AROUND = 10  # characters shown on either side of a find


@dataclass(frozen=True)
class Beside:
    """原文 beside the public text; `public` is empty while it is still being written."""

    original: list[Run]
    title: str = ""
    public: list[Run] | None = None
    note: str = ""


class PreparePublic(DeedForm):
    title = forms.CharField(label="公开稿标题", max_length=200)
    strike = forms.MultipleChoiceField(
        label="删去下列个人信息", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "wide"}),
        help_text="逐项核对。取消勾选的，正文里恢复原文，即确认可以公开",
    )  # fmt: skip
    body = forms.CharField(
        label="公开稿正文", max_length=50_000, widget=forms.Textarea(attrs={"rows": 18, "class": "body"}),
        help_text="联系人、电话和抄送不在公开稿里；可以修改",
    )  # fmt: skip
    fine = forms.MultipleChoiceField(
        label="文字里还有下列内容，确认可以公开的请勾选", required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "wide"}),
    )  # fmt: skip
    names_shown = forms.BooleanField(label="显示代表（委员）姓名", required=False, initial=True)
    annexes = forms.ModelMultipleChoiceField(
        Annex.objects.none(), label="随答复公开的附件", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="只公开 .docx；批注、修订、作者等隐藏信息自动除去",
    )  # fmt: skip

    finds: list[Find]

    def prepare(self) -> None:
        self.finds = []
        reply = self.item.reply
        if reply is None:
            return
        body, self.finds = proposed(reply.version)
        self.initial.setdefault("title", proposed_title(reply))
        self.initial.setdefault("body", body)
        self._choices("strike", [(str(n), self._around(n)) for n in range(len(self.finds))])
        self.initial.setdefault("strike", [str(n) for n in range(len(self.finds))])
        self.fields["annexes"].queryset = reply.version.annexes.all()  # type: ignore[attr-defined]
        typed = f"{self.data.get('title', self.initial['title'])}\n{self.data.get('body', '')}"
        finds = [one for words in (typed, *self._annexed(reply)) for one in found(words)]
        self._choices("fine", [(one.text, f"{one.kind.label}：{one.text}") for one in _once(finds)])
        if not reply.version.annexes.exists():
            del self.fields["annexes"]
        if reply.version.disclosure == Disclosure.SUMMARY:
            self.fields["body"].label = "公开稿正文（摘要）"
            self.fields["body"].help_text = "本件摘要公开，请改写为摘要；联系人、电话和抄送不在公开稿里"

    def _annexed(self, reply: Reply) -> Iterator[str]:
        """The words of the annexes chosen; those that cannot be read the deed refuses by name."""
        chosen = self["annexes"].data or []
        for one in reply.version.annexes.select_related("file"):
            if str(one.pk) in chosen and one.file.name.lower().endswith(".docx"):
                with one.file.file.open("rb") as file:
                    data = file.read()
                if not opening.problems(data, links=True):
                    yield cleaning.words(cleaning.cleaned(data))

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def _around(self, number: int) -> str:
        """The find with the words about it, so that it is known which one is meant."""
        one = self.finds[number]
        whole = self._original()
        before = whole[max(0, one.start - AROUND) : one.start].rpartition("\n")[2]
        after = whole[one.end : one.end + AROUND].partition("\n")[0]
        return f"{one.kind.label}：{one.text}（…{before}▁▁{after}…）"

    def _original(self) -> str:
        assert self.item.reply is not None
        return plain(self.item.reply.version.blocks())

    @property
    def beside(self) -> Beside | None:
        if self.item.reply is None:
            return None
        note = f"个人信息{len(self.finds)}处，已标出" if self.finds else "没有找到个人信息，请再看一遍"
        return Beside(marked(self._original(), self.finds), note=note)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        struck = set(data.get("strike", []))
        kept = [n for n in range(len(self.finds)) if str(n) not in struck]
        if "body" in data and kept:
            data["body"] = self._restored(data["body"], kept)
        return data

    def _restored(self, body: str, kept: list[int]) -> str:
        """The public text with the finds that are not struck put back at their places."""
        for number in kept:
            mark = mark_of(self.finds[number].kind)
            alike = [n for n, one in enumerate(self.finds) if one.kind == self.finds[number].kind]
            if body.count(mark) != len(alike):
                self.add_error(
                    "strike", f"正文里的“{mark}”已不是{len(alike)}处，请直接在正文里写上要保留的内容"
                )
                return body
        parts, rest = [], body
        for number, one in enumerate(self.finds):
            before, mark, after = rest.partition(mark_of(one.kind))
            if mark:
                parts += [before, one.text if number in kept else mark]
                rest = after
        return "".join([*parts, rest])

    def prepared(self) -> dict[str, Any]:
        """As publishing.prepare takes it."""
        data = self.cleaned_data
        struck = set(data.get("strike", []))
        kept = [one.text for n, one in enumerate(self.finds) if str(n) not in struck]
        return {
            "title": data["title"], "body": data["body"], "names_shown": data["names_shown"],
            "left": [*kept, *data.get("fine", [])], "annexes": list(data.get("annexes", [])),
        }  # fmt: skip


def _once(finds: list[Find]) -> list[Find]:
    return list({one.text: one for one in finds}.values())


class ConfirmPublic(DeedForm):
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        version = latest(self.item)
        self.initial["seen"] = version.number if version else 0

    @property
    def beside(self) -> Beside | None:
        version, reply = latest(self.item), self.item.reply
        if version is None or reply is None:
            return None
        original = plain(reply.version.blocks())
        note = f"公开稿{version.number}，{version.prepared_by.name}制作，删去{len(version.struck)}处"
        names = "显示代表姓名" if version.names_shown else "不显示代表姓名"
        files = "、".join(one.name for one in version.annexes.all())
        note += f"；{names}{f'；公开附件：{files}' if files else ''}"
        return Beside(
            marked(original, found(original)), version.title, marked(version.body, found(version.body)), note
        )


class Unpublish(DeedForm):
    on = Today(label="撤下日期")
    reason = text("撤下的理由", rows=2, help_text="本系统的公开页立即不再显示；别处公开的，请通知对方撤下")
