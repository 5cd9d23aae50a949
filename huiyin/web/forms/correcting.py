"""改稿和文字更正的表：the text as it stands, to be changed; the difference is looked at before it is confirmed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from huiyin.actions import correcting, signing
from huiyin.actions.replying import Draft
from huiyin.models.reply import SIGNED
from huiyin.queries.reading import Changed, ChangedField, changed, changed_fields
from huiyin.rules.correcting import refusals
from huiyin.rules.text import blocks
from huiyin.rules.touching import Change, changes
from huiyin.rules.vocabulary import Disclosure
from huiyin.web.fields import DeedForm, text


@dataclass(frozen=True)
class Preview:
    """核对：what would change, and what follows."""

    passages: tuple[Changed, ...]
    fields: tuple[ChangedField, ...]
    follows: str
    button: str


class _Text(DeedForm):
    """送审稿的各栏. `confirmed` is the digest of what he looked at; anything else typed is shown again first."""

    FIELDS: Sequence[str] = SIGNED
    BUTTON = ""
    first = "核对改动"  # the button that shows the difference
    seen = forms.CharField(widget=forms.HiddenInput)
    confirmed = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="标题", max_length=200)
    body = forms.CharField(
        label="正文", max_length=60000, strip=False, help_text="一段一行；段首【】里的来源和意见点照原样保留",
        widget=forms.Textarea(attrs={"class": "body", "spellcheck": "false", "rows": 16}),
    )  # fmt: skip
    outcome_class = forms.ChoiceField(label="办理结果类别", required=False)
    class_reason = forms.CharField(label="原因说明", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    disclosure = forms.ChoiceField(label="公开属性", required=False, choices=Disclosure.choices())
    disclosure_reason = forms.CharField(label="不予公开的理由", max_length=200, required=False)
    contact_name = forms.CharField(label="联系人", max_length=40, required=False)
    contact_phone = forms.CharField(label="联系电话", max_length=40, required=False)
    copies_to = forms.CharField(
        label="抄送（一行一个单位）", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def prepare(self) -> None:
        self.preview: Preview | None = None
        version = self.item.submitted_version
        self.standing = {name: getattr(version, name, "") for name in SIGNED}
        self.initial = {**self.standing, **self.initial, "seen": signing.digest_now(self.item)}
        self.fields["outcome_class"].choices = self.item.profile.class_choices()  # type: ignore[attr-defined]
        skipped = (
            set()
            if self.item.answers
            else {"outcome_class", "class_reason", "disclosure", "disclosure_reason"}
        )
        for name in SIGNED:
            if name not in self.FIELDS or name in skipped:
                del self.fields[name]

    def draft(self) -> Draft:
        typed = {name: self.cleaned_data.get(name, self.standing[name]) for name in SIGNED}
        return Draft(**{name: value.replace("\r\n", "\n").strip() for name, value in typed.items()})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        old, new = self._sides()
        if not changes(old, new):
            raise ValidationError("没有改动")
        self.barred(old, new)
        token = hashlib.sha256(json.dumps(asdict(self.draft()), ensure_ascii=False).encode()).hexdigest()[:32]
        if data.get("confirmed") != token:
            self.data = {**self.data.dict(), "confirmed": token}  # type: ignore[attr-defined]
            self.preview = self._preview(old, new)
        return data

    def barred(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Refuse before anything is confirmed."""

    def follows(self, found: list[Change]) -> str:
        raise NotImplementedError

    def _sides(self) -> tuple[dict[str, Any], dict[str, Any]]:
        version = self.item.submitted_version
        old = version.signed_content() if version else {}
        return old, {**old, **asdict(self.draft())}

    def _preview(self, old: dict[str, Any], new: dict[str, Any]) -> Preview:
        found = changes(old, new)
        passages = tuple(changed(blocks(old["body"]), blocks(new["body"])))
        return Preview(passages, changed_fields(found), self.follows(found), self.BUTTON)


class Revise(_Text):
    BUTTON = "确认改稿"
    reason = text("改稿的理由", rows=2)

    def follows(self, found: list[Change]) -> str:
        posts = correcting.reopened(self.item, found)
        named = "、".join(f"{role.label}{one.name}" for role in posts if (one := self.item.person(role)))
        return f"改稿后由{named}依次重新审签，原来的审签作废；其余岗位的审签保留，注明签于旧稿。"


class Correct(_Text):
    FIELDS = ("title", "body", "class_reason")
    BUTTON = "确认更正"

    def barred(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if reasons := refusals(old, new):
            raise ValidationError([*reasons, "须改动内容的，请审签人退改，或由审签人改稿"])

    def follows(self, found: list[Change]) -> str:
        signed = self.item.live_sign_offs()
        names = "、".join(dict.fromkeys(one.signer.name for one in signed))
        return f"审签保留，注明“后有文字更正”；更正内容告知已审签的{names}和下一位审签人。"
