"""交办表.xlsx：made from the stories of 2020, as the assigning organ would send it. `python -m demo.sheet` writes it."""

import sys
import tempfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from demo.stories import HERE, Story, read

PATH = HERE / "2020" / "交办表.xlsx"
ASSIGNED_ON = date(2020, 5, 29)
UNIT = "赣州市自然资源局"
HEADINGS = (
    "序号", "建议编号", "案由", "领衔代表", "联名代表", "代表团", "内容分类", "重点督办", "办理方式", "主办单位",
    "协办单位", "届次", "交办日期", "答复期限", "建议内容",
)  # fmt: skip
WIDTHS = (6, 9, 42, 10, 28, 12, 14, 10, 10, 18, 26, 10, 12, 12, 80)
PARTS = {"lead": "主办", "co": "协办", "second": "二次办理"}
LEVELS = {"ordinary": "一般", "key": "重点督办"}


def row(place: int, story: Story) -> list[str]:
    return [
        str(place), story.number, story.get("title"), story.get("lead_proposer"),
        "、".join(story.get("co_signers", [])), story.get("delegation", ""), story.get("category"),
        LEVELS[story.get("level", "ordinary")], PARTS[story.get("part")], story.get("lead_unit", UNIT),
        "、".join(story.get("co_units", []) or ([UNIT] if story.get("part") == "co" else [])),
        story.get("origin_meeting", "五届五次"), "2020年5月29日", "", story.get("text"),
    ]  # fmt: skip


def write(path: Path = PATH) -> None:
    stories = read("2020", ASSIGNED_ON)
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime.combine(ASSIGNED_ON, time(9))})  # the same bytes every time
        sheet = book.add_worksheet("交办表")
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        head = book.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
        )
        body = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        sheet.merge_range(
            0,
            0,
            0,
            len(HEADINGS) - 1,
            "市五届人大五次会议代表建议交办表（承办单位：赣州市自然资源局）",
            title,
        )
        for place, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.write_string(2, place, heading, head)
            sheet.set_column(place, place, width)
        for line, story in enumerate(stories, 1):
            for place, value in enumerate(row(line, story)):
                sheet.write_string(2 + line, place, value, body)


def current() -> bool:
    """Is the sheet in the repository what the stories say?"""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / PATH.name
        write(fresh)
        return PATH.exists() and read_rows(PATH) == read_rows(fresh)


def read_rows(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


if __name__ == "__main__":
    if "--check" not in sys.argv:
        write()
    elif not current():
        sys.exit("demo/2020/交办表.xlsx 不是最新，请运行 python -m demo.sheet")
