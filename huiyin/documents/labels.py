"""信封标签：A4, two across and seven down (99.1 × 38.1 mm), for whom letters go to."""

from collections.abc import Iterable

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Mm

from huiyin.documents import oxml
from huiyin.documents.facts import Facts, Shape, Slot, cells
from huiyin.documents.layout import Paper
from huiyin.documents.letters import people
from huiyin.models import Assignment

ACROSS, DOWN = 2, 7
WIDTH, GAP, HEIGHT, TOP, SIDE = 99.1, 2.5, 38.1, 15.1, 4.65
ROW = Slot("标签", "逐行：每行左右两张标签", Shape.ROWS, ("左", "右"), required=True)
LABELS = (ROW,)


def labels_of(item: Assignment) -> list[str]:
    """One for each who gets a letter: delegation, name, what is in the envelope."""
    suggestion = item.suggestion
    what = f"内件：第{suggestion.number}号{suggestion.get_kind_display()}{'答复' if item.answers else item.co + '意见'}"
    if not item.answers:
        return [f"{one}　收\n{what}" for one in item.addressees()]
    delegations = {one.name: one.delegation for one in suggestion.proposers.all()}
    return [
        "\n".join(filter(None, [delegations.get(one, ""), f"{one}{people(item)}　收", what]))
        for one in item.addressees()
    ]


def labels_facts(items: Iterable[Assignment]) -> Facts:
    found = [label for item in items for label in labels_of(item)]
    return {
        "标签": [
            {"左": found[at], "右": found[at + 1] if at + 1 < len(found) else ""}
            for at in range(0, len(found), ACROSS)
        ]
    }


def labels(facts: Facts) -> Paper:
    paper = Paper()
    section = paper.document.sections[0]
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(297 - TOP - DOWN * HEIGHT - 2)
    section.left_margin = section.right_margin = Mm(SIDE)
    section.header_distance = section.footer_distance = Mm(3)
    for footer in (section.footer, section.even_page_footer):
        for paragraph in footer.paragraphs[::-1]:
            paragraph._p.getparent().remove(paragraph._p)
        footer.add_paragraph("", "表后")
    found = cells(facts, ROW)
    table = paper.document.add_table(rows=len(found), cols=3)
    table.autofit = False
    for row, (left, right) in zip(table.rows, found, strict=True):
        row.height, row.height_rule = Mm(HEIGHT), WD_ROW_HEIGHT_RULE.EXACTLY
        for cell, text in zip(row.cells, (left, "", right), strict=True):
            oxml.cell_text(cell, text, "标签")
        oxml.row_rules(row, heading=False)
    oxml.table_frame(table, [Mm(WIDTH), Mm(GAP), Mm(WIDTH)], margin=340, ruled=False)
    return paper
