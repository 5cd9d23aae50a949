"""填模板：an office's own .docx, its place-holders replaced by a paper's facts. Nothing in a template runs; what a person
wrote is put in as text and never looked at again for place-holders."""

import copy
from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from huiyin.documents import oxml
from huiyin.documents.facts import Facts, Figure, Row, Shape, Slot, names, pieces, rows
from huiyin.documents.layout import Paper
from huiyin.documents.opening import Unsafe, opened
from huiyin.documents.placeholders import HOLDER, Spot, problems, spots

SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def wrong_with(data: bytes, slots: Sequence[Slot]) -> list[str]:
    """Why a file cannot be a paper's template; empty when it can."""
    try:
        document = opened(data)
    except Unsafe as unsafe:
        return unsafe.reasons
    return problems(document, slots)[:20]


def fill(template: bytes, slots: Sequence[Slot], facts: Facts) -> Paper:
    """The template with every place-holder replaced. Raises Unsafe when it is none."""
    document = opened(template)
    if found := problems(document, slots):
        raise Unsafe(found)
    paper = Paper.of(document)
    held = [spot for spot in spots(document) if spot.names]
    lists = {slot.name: slot for slot in slots if slot.shape == Shape.ROWS}
    for spot in _repeated(held, lists, facts):
        _fill(paper, spot, {slot.name: slot for slot in slots}, facts)
    return paper


def _repeated(held: list[Spot], lists: dict[str, Slot], facts: Facts) -> list[Spot]:
    """Rows of lists are written out, one for each of the list; the spots that are left."""
    done: dict[Any, None] = {}
    for spot in held:
        named = [lists[name.partition(".")[0]] for name in spot.names if name.partition(".")[0] in lists]
        if named and spot.row not in done:
            done[spot.row] = None
            _write_out(spot.row, named[0], rows(facts, named[0].name), facts)
    return [spot for spot in held if spot.row not in done]


def _write_out(row: Any, slot: Slot, found: list[Row], facts: Facts) -> None:
    for one in found:
        new = copy.deepcopy(row)
        row.addprevious(new)
        said = {name: value for name, value in facts.items() if isinstance(value, str)}
        said |= {f"{slot.name}.{column}": one[column] for column in slot.columns}
        for paragraph in new.iter(qn("w:p")):
            _say(Spot(paragraph, "", False), said)
    row.getparent().remove(row)


def _fill(paper: Paper, spot: Spot, slots: dict[str, Slot], facts: Facts) -> None:
    slot = slots[spot.names[0]]
    if slot.shape == Shape.TEXT:
        said = {name: value for name in spot.names if isinstance(value := facts[name], str)}
        alone = not HOLDER.sub("", spot.words).strip()
        _say(spot, said)
        if not any(said.values()):
            _leave_out(spot, alone)
        return
    if slot.shape == Shape.PICTURE:
        picture = facts[slot.name]
        _say(spot, {slot.name: ""})
        if isinstance(picture, Figure):
            paper.draw(Paragraph(spot.paragraph, paper.document._body), picture)
        return
    paper.place = spot.paragraph
    if slot.shape == Shape.BODY:
        paper.text(pieces(facts, slot.name))
    else:
        paper.annexes(names(facts, slot.name))
    paper.place = None
    _remove(spot.paragraph)


def _leave_out(spot: Spot, alone: bool) -> None:
    """What is empty: its line of the 版记 goes, and a paragraph of its own in the text."""
    boxed = any(one.tag == qn("w:txbxContent") for one in spot.paragraph.iterancestors())
    if boxed and spot.row is not None:
        spot.row.getparent().remove(spot.row)
    elif alone and not spot.boxed and spot.row is None:
        _remove(spot.paragraph)


def _remove(paragraph: Any) -> None:
    """A cell must keep a paragraph, a section its end."""
    parent, properties = paragraph.getparent(), paragraph.find(qn("w:pPr"))
    last = parent.tag == qn("w:tc") and len(parent.findall(qn("w:p"))) == 1
    if last or (properties is not None and properties.find(qn("w:sectPr")) is not None):
        for run in paragraph.findall(qn("w:r")):
            paragraph.remove(run)
    else:
        parent.remove(paragraph)


def _say(spot: Spot, said: dict[str, str]) -> None:
    """Each place-holder's words where its first brace stood, in that piece's look; the rest of it is taken away."""
    texts = spot.texts
    for found in reversed(list(HOLDER.finditer(spot.words))):
        value, at, placed = oxml.clean(said[found[1]]), 0, False
        for one in texts:
            whole = one.text or ""
            start, end = max(found.start() - at, 0), min(found.end() - at, len(whole))
            at += len(whole)
            if start < end:
                one.text = whole[:start] + ("" if placed else value) + whole[end:]
                one.set(SPACE, "preserve")
                placed = True
    for one in texts:
        _lines(one)


def _lines(text: Any) -> None:
    """A new line and a tab are elements of their own in a run."""
    words = text.text or ""
    if not ("\n" in words or "\t" in words):
        return
    for piece in _pieces(words):
        text.addprevious(piece)
    text.getparent().remove(text)


def _pieces(words: str) -> list[Any]:
    found = []
    for place, line in enumerate(words.split("\n")):
        if place:
            found.append(OxmlElement("w:br"))
        for number, part in enumerate(line.split("\t")):
            if number:
                found.append(OxmlElement("w:tab"))
            element = OxmlElement("w:t")
            element.text = part
            element.set(SPACE, "preserve")
            found.append(element)
    return found
