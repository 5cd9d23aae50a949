"""公文的样式：fonts, sizes and lines of GB/T 9704-2012. Every kind of line is a named style."""

import re
from dataclasses import dataclass

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from huiyin.documents import oxml

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
BODY, HEADING_1, HEADING_2 = "公文正文", "公文一级标题", "公文二级标题"
LEAD_1, LEAD_2 = "段首一级标题", "段首二级标题"
# Never justified: LibreOffice loses a 。 that hangs over the end of a justified line (7.4, measured).
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
NUMBERED = (
    (re.compile(r"[一二三四五六七八九十百]+、"), HEADING_1, LEAD_1),
    (re.compile(r"[（(][一二三四五六七八九十百]+[)）]"), HEADING_2, LEAD_2),
)
LONGEST_HEADING = 40  # a numbered line longer than this is a paragraph that begins with a number
SENTENCE = re.compile(r"[^。：；]{2,40}[。：]")
CHARACTER = 16.0  # 三号，磅
LEFT_MARGIN, RIGHT_MARGIN, TYPE_WIDTH = Mm(28), Mm(26), Mm(156)
RULE_AT = Mm(20)  # 信函格式的红色双线, 170 mm long: as far from both sides of the page
FOOT = Mm(15)  # from the type area to the footer's lower edge; LibreOffice sets the 版记 on top of the footer
NUMBER_UP = Pt(15)  # puts the page number's dashes 7 mm below the type area
RECORD_LINE = 24  # 版记行距，磅
RECORD_CHARACTERS = 25  # 抄送机关回行后一行的字数
MARK_SIZE, MARK_LEAST = 34.0, 18.0  # 发文机关标志，磅


@dataclass(frozen=True)
class Look:
    """样式：sizes and lines in points, indents in characters."""

    font: str
    size: float
    line: float  # exact; 0: as high as what stands in it
    align: WD_ALIGN_PARAGRAPH = LEFT
    indent: int = 0  # first line
    dense: bool = False  # 28 characters a line want a quarter point less between them
    color: str = ""
    with_next: bool = False


LOOKS = {
    BODY: Look(FANG, 16, 28.95, indent=2, dense=True),
    "公文顶格": Look(FANG, 16, 28.95, dense=True),
    HEADING_1: Look(HEI, 16, 28.95, indent=2, dense=True, with_next=True),
    HEADING_2: Look(KAI, 16, 28.95, indent=2, dense=True, with_next=True),
    "公文标题": Look(TITLE, 22, 33, CENTER, with_next=True),
    "发文机关标志": Look(TITLE, MARK_SIZE, 44, CENTER, color=oxml.RED),
    "发文字号": Look(FANG, 16, 28.95, CENTER),
    "类别标记": Look(HEI, 16, 28.95, RIGHT),
    "附件说明": Look(FANG, 16, 28.95, dense=True, with_next=True),
    "附件标记": Look(HEI, 16, 28.95),
    "落款": Look(FANG, 16, 28.95, CENTER),
    "版记": Look(FANG, 14, RECORD_LINE),
    "页码": Look(SONG, 14, 16),
    "表头": Look(HEI, 10.5, 16, CENTER),
    "表文": Look(FANG, 10.5, 16),
    "表文居中": Look(FANG, 10.5, 16, CENTER),
    "表后": Look(FANG, 8, 10),
    "图": Look(FANG, 16, 0, CENTER, with_next=True),
    "图题": Look(FANG, 12, 20, CENTER),
    "单头": Look(HEI, 12, 20, CENTER),
    "单文": Look(FANG, 12, 20),
    "单文居中": Look(FANG, 12, 20, CENTER),
    "标签": Look(FANG, 14, 22),
}
