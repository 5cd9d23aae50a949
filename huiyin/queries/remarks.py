"""批注的位置：a remark follows its words from version to version."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.models import Assignment, Remark, ReplyVersion


@dataclass(frozen=True)
class Placed:
    """一条批注 and where its words stand in the text shown (`place`, from 1); 0 when they stand there no longer."""

    remark: Remark
    place: int

    @property
    def open(self) -> bool:
        return self.remark.settled_at is None

    @property
    def where(self) -> str:
        return f"第{self.place}段" if self.place else "原文已改"


def placed(item: Assignment, version: ReplyVersion | None) -> list[Placed]:
    """本件的批注 in the order of the text, the open ones first; those whose words are gone last among them."""
    rows = Remark.objects.filter(version__assignment=item).select_related("by", "settled_by", "version")
    texts = plains(version)
    found = [Placed(one, place(one.quote, one.paragraph, texts)) for one in rows]
    return sorted(found, key=lambda one: (not one.open, one.place == 0, one.place, one.remark.pk))


def plains(version: ReplyVersion | None) -> list[str]:
    """各段的文字, as they are shown."""
    return [one.plain for one in version.blocks()] if version else []


def place(quote: str, paragraph: int, texts: list[str]) -> int:
    """In which paragraph the words stand: the one they were found in, else the nearest; 0 in none."""
    words = spaceless(quote)
    holding = [n for n, text in enumerate(texts, 1) if words and words in spaceless(text)]
    return min(holding, key=lambda n: (abs(n - paragraph), n), default=0)


def spaceless(text: str) -> str:
    """Spaces are no words: a browser, Word and a table each put others."""
    return "".join(text.split())
