"""公文的内容：what a paper says, each fact under the Chinese name that its place-holder bears in a template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huiyin.rules.vocabulary import Term


@dataclass(frozen=True)
class Grid:
    """正文里的表格, its first row the head."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """图片 and its caption; `width` in millimetres where it is not simply to fit."""

    data: bytes
    caption: str = ""
    width: int = 0


Piece = str | Grid | Figure
Row = Mapping[str, str]
Value = str | Figure | Sequence[Piece] | Sequence[Row]
Facts = Mapping[str, Value]


class Shape(Term):
    """占位符的种类."""

    TEXT = "text", "文字"
    BODY = "body", "正文各段"
    NAMES = "names", "附件名称"
    ROWS = "rows", "表格各行"
    PICTURE = "picture", "图片"


@dataclass(frozen=True)
class Slot:
    """占位符：its name, what it stands for, and whether a template may do without it."""

    name: str
    says: str
    shape: Shape = Shape.TEXT
    columns: tuple[str, ...] = ()
    required: bool = False

    @property
    def written(self) -> tuple[str, ...]:
        """As it is typed in a template."""
        return tuple(f"{{{{{self.name}.{one}}}}}" for one in self.columns) or (f"{{{{{self.name}}}}}",)

    @property
    def holder(self) -> Value:
        """What a template holds in the fact's place."""
        if self.shape == Shape.ROWS:
            return (dict(zip(self.columns, self.written, strict=True)),)
        return self.written if self.shape in {Shape.BODY, Shape.NAMES} else self.written[0]


def holders(slots: Iterable[Slot]) -> Facts:
    """The facts of a template: each its own place-holder."""
    return {one.name: one.holder for one in slots}


def text(facts: Facts, name: str) -> str:
    found = facts[name]
    assert isinstance(found, str), name
    return found


def _each(facts: Facts, name: str) -> Sequence[object]:
    found = facts[name]
    assert not isinstance(found, str | Figure), name
    return found


def pieces(facts: Facts, name: str) -> list[Piece]:
    return [one for one in _each(facts, name) if isinstance(one, str | Grid | Figure)]


def names(facts: Facts, name: str) -> list[str]:
    return [one for one in _each(facts, name) if isinstance(one, str)]


def rows(facts: Facts, name: str) -> list[Row]:
    return [one for one in _each(facts, name) if isinstance(one, Mapping)]


def cells(facts: Facts, slot: Slot) -> list[list[str]]:
    """A list's rows, in the order of its columns."""
    return [[row[column] for column in slot.columns] for row in rows(facts, slot.name)]
