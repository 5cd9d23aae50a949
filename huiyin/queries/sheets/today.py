"""Until the import takes books: the rows of the sheet to take, by the headings as guessed."""

from datetime import date

from huiyin.queries.sheets import LABELS, Cells, SheetError, words
from huiyin.queries.sheets import read as read_book

NEEDED = ("number", "title", "lead", "part", "assigned_on")


class SheetRow:
    def __init__(self, line: int, cells: Cells) -> None:
        self.line, self.cells = line, cells

    def text(self, key: str) -> str:
        return words(self.cells.get(key))

    def day(self, key: str) -> date | None:
        return self.cells.day(key)


def read(data: bytes, name: str) -> list[SheetRow]:
    sheet = read_book(data, name).sheet()
    mapping = {
        place: "meeting" if key == "session" else key
        for place, key in sheet.mapping().items()
        if key != "meeting"
    }
    if not sheet.recognised:
        raise SheetError(
            f"“{sheet.title}”的前30行里没有找到表头，表头应有：编号、标题、领衔代表、办理方式、交办日期"
        )
    if missing := [LABELS[key] for key in NEEDED if key not in mapping.values()]:
        raise SheetError(f"“{sheet.title}”第{sheet.head_line}行的表头缺少：{'、'.join(missing)}")
    if any("可另选" in note for note in sheet.notes):
        raise SheetError(f"“{sheet.title}”第{sheet.head_line}行的表头重复：" + "；".join(sheet.notes))
    return [SheetRow(one.line, one.cells(mapping)) for one in sheet.rows]
