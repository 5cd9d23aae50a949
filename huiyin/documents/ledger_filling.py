"""填版式：the ledger's rows in an office's own .xlsx. Titles, heads, merged cells, widths, fonts and print set-up stay as they
are; the rows take the look of its sample row; what stands below them moves down."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from huiyin.documents.ledger_template import (
    BROKEN,
    HOLDER,
    Template,
    Unfit,
    box_of,
    cells_of,
    tree_of,
    words_of,
)
from huiyin.documents.spreadsheet import Layout, Looks, letters
from huiyin.queries.sheets import table
from huiyin.rules.cells import plain


@dataclass(frozen=True)
class _Move:
    """表里各行往哪里去: `samples` are taken by `size` rows."""

    samples: range
    size: int

    def line(self, line: int, *, end: bool = False) -> int:
        if line < self.samples.start:
            return line
        if line >= self.samples.stop:
            return line + self.size - len(self.samples)
        return self.samples.start + max(self.size, 1) - 1 if end else self.samples.start

    def reference(self, reference: str) -> str:
        """Of a range, or several; it grows with the rows it was over."""

        def moved(found: re.Match[str]) -> str:
            ends = [found["a"], found["b"]] if found["b"] else [found["a"]]
            return ":".join(self._end(one, end=bool(place)) for place, one in enumerate(ends))

        return re.sub(r"(?P<a>\$?[A-Z]{1,3}\$?\d+)(?::(?P<b>\$?[A-Z]{1,3}\$?\d+))?", moved, reference)

    def _end(self, reference: str, *, end: bool) -> str:
        column, line = re.fullmatch(r"(\$?[A-Z]+\$?)(\d+)", reference).groups()  # type: ignore[union-attr]
        return f"{column}{self.line(int(line), end=end)}"


def layout(
    template: Template, columns: Sequence[str], given: Sequence[str], said: Mapping[str, str], *, size: int
) -> Layout:
    """The template for `size` rows. `columns`: the key of each of its columns, "" for one left empty; `given`: the keys of a
    row's values; `said`: the place-holders' words."""
    try:
        return _layout(template, columns, given, said, size)
    except Unfit:
        raise
    except (ValueError, LookupError, AttributeError, OverflowError, StopIteration) as error:
        raise Unfit([BROKEN]) from error  # a place or a style that is none


def _layout(
    template: Template, columns: Sequence[str], given: Sequence[str], said: Mapping[str, str], size: int
) -> Layout:
    tree = tree_of(template.parts, template.part)
    space, move = etree.QName(tree).namespace, _Move(template.samples, size)
    looks, height, parts = _looks(template, tree, len(template.heads))
    data = next(tree.iterchildren("{*}sheetData"))
    _move_rows(data, template, move)
    _say(tree, template.strings, said)
    merged = _merges(tree, template, move)
    for tag, name in REFERENCES:
        for one in tree.iter(f"{{*}}{tag}"):
            one.set(name, move.reference(one.get(name, "")))
    for one in [*tree.iterchildren("{*}rowBreaks"), *tree.iterchildren("{*}dimension")]:
        tree.remove(one)
    mark = etree.ProcessingInstruction("rows")
    above = [row for row in data if int(row.get("r", 0)) < template.samples.start]
    data.insert(len(above), mark)
    before, _, after = etree.tostring(tree, encoding="unicode").partition("<?rows ?>")
    after = after.replace(MERGED, merged)
    parts[template.part] = b""
    parts["xl/workbook.xml"] = _names(parts, template, move)
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    own = "" if tree.nsmap.get(None) == space else f' xmlns="{space}"'
    sources = [given.index(key) if key in given else None for key in columns]
    others = {name: content for name, content in parts.items() if name != template.part}
    return Layout(
        others, template.part, declared + before, lambda _: after, template.samples.start, looks[: len(columns)],
        sources, height + own,
    )  # fmt: skip


MERGED = "<?merged ?>"
REFERENCES = (
    ("autoFilter", "ref"), ("conditionalFormatting", "sqref"), ("dataValidation", "sqref"), ("hyperlink", "ref"),
    ("ignoredError", "sqref"), ("protectedRange", "sqref"),
)  # fmt: skip


def _looks(template: Template, tree: Any, width: int) -> tuple[list[Looks], str, dict[str, bytes]]:
    """The columns' looks: the sample row's, else the heads'; days get a format of days where the sample has none."""
    parts = dict(template.parts)
    rows = {int(row.get("r", 0)): row for row in tree.iter("{*}row")}
    sample = rows.get(template.samples.start) if len(template.samples) else None
    source = sample if sample is not None else rows.get(template.head_row)
    styles = dict(_styled(tree))
    styles |= {place: int(cell.get("s", 0)) for place, cell in cells_of(source)} if source is not None else {}
    height = ""
    if sample is not None and sample.get("ht"):
        height = f' ht="{float(sample.get("ht", "15"))}" customHeight="1"'
    found = [styles.get(place, 0) for place in range(width)]
    days = _days(parts, set(found))
    return [Looks(style, days.get(style, style), style) for style in found], height, parts


def _styled(tree: Any) -> Iterator[tuple[int, int]]:
    """The styles of whole columns."""
    for one in tree.iter("{*}col"):
        for place in range(int(one.get("min", 1)) - 1, min(int(one.get("max", 1)), table.MOST_COLUMNS)):
            yield place, int(one.get("style", 0))


DAYS = {14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)}


def _days(parts: dict[str, bytes], styles: set[int]) -> dict[int, int]:
    """Each style → one like it that shows a day; written into the styles' part where it has to be made."""
    if "xl/styles.xml" not in parts:
        return {}
    tree = tree_of(parts, "xl/styles.xml")
    space = etree.QName(tree).namespace
    formats = {int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in tree.iter("{*}numFmt")}
    looks = next(tree.iterchildren("{*}cellXfs"), None)
    if looks is None:
        return {}
    found, own, made = list(looks), max([*formats, 163]) + 1, {}
    for style in sorted(styles):
        if style >= len(found):
            continue
        number = int(found[style].get("numFmtId", 0))
        code = re.sub(r'"[^"]*"|\[[^\]]*\]', "", formats.get(number, ""))
        if number in DAYS or re.search(r"[yd年]", code, re.I):
            continue
        one = etree.fromstring(etree.tostring(found[style]))
        one.set("numFmtId", str(own))
        one.set("applyNumberFormat", "1")
        looks.append(one)
        made[style] = len(looks) - 1
    if made:
        looks.set("count", str(len(looks)))
        holder = next(tree.iterchildren("{*}numFmts"), None)
        if holder is None:
            holder = etree.Element(f"{{{space}}}numFmts")
            tree.insert(0, holder)
        etree.SubElement(holder, f"{{{space}}}numFmt", numFmtId=str(own), formatCode="yyyy\\-mm\\-dd")
        holder.set("count", str(len(holder)))
        parts["xl/styles.xml"] = etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)
    return made


def _move_rows(data: Any, template: Template, move: _Move) -> None:
    """The sample rows go; what stands below them moves to below the rows."""
    for row in list(data):
        line = int(row.get("r", 0))
        if line in template.samples:
            data.remove(row)
        elif line >= template.samples.stop:
            there = move.line(line)
            row.set("r", str(there))
            for place, cell in cells_of(row):
                cell.set("r", f"{letters(place)}{there}")


def _say(tree: Any, strings: list[str], said: Mapping[str, str]) -> None:
    """The place-holders' words, in cells and in the page's header and footer."""

    def words(text: str) -> str:
        return HOLDER.sub(lambda found: plain(said.get(found[1], found[0])), text)

    space = etree.QName(tree).namespace
    for cell in tree.iter("{*}c"):
        text = words_of(cell, strings)
        if cell.get("t") in {"s", "inlineStr", "str"} and HOLDER.search(text):
            for one in list(cell):
                cell.remove(one)
            cell.set("t", "inlineStr")
            holder = etree.SubElement(etree.SubElement(cell, f"{{{space}}}is"), f"{{{space}}}t")
            holder.text = words(text)
    for one in tree.iter(
        "{*}oddHeader", "{*}oddFooter", "{*}evenHeader", "{*}evenFooter", "{*}firstHeader", "{*}firstFooter"
    ):
        one.text = HOLDER.sub(
            lambda found: plain(said.get(found[1], found[0])).replace("&", "&&"), one.text or ""
        )


def _merges(tree: Any, template: Template, move: _Move) -> str:
    """The merged cells: those of the sample row again in each row (as text, to be put in), the others moved."""
    holder = next(tree.iterchildren("{*}mergeCells"), None)
    if holder is None:
        return ""
    prefix = f"{holder.prefix}:" if holder.prefix else ""
    again = []
    for one in list(holder):
        top, left, bottom, right = box_of(one.get("ref", ""))
        if top + 1 in template.samples:
            holder.remove(one)
            if top == bottom and top + 1 == template.samples.start:
                again.append((letters(left), letters(right)))
        else:
            one.set("ref", move.reference(one.get("ref", "")))
    lines = range(template.samples.start, template.samples.start + move.size)
    found = [f'<{prefix}mergeCell ref="{a}{line}:{b}{line}"/>' for line in lines for a, b in again]
    if not len(holder) and not found:
        tree.remove(holder)
        return ""
    holder.set("count", str(len(holder) + len(found)))
    if found:
        holder.append(etree.ProcessingInstruction("merged"))
    return "".join(found)


def _names(parts: Mapping[str, bytes], template: Template, move: _Move) -> bytes:
    """The print area and other names of places in the sheet."""
    tree = tree_of(parts, "xl/workbook.xml")
    for one in tree.iter("{*}definedName"):
        sheet, mark, reference = (one.text or "").rpartition("!")
        if mark and sheet.strip("'").replace("''", "'") == template.sheet and ":" in reference:
            one.text = f"{sheet}!{move.reference(reference)}"
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)  # type: ignore[no-any-return]
