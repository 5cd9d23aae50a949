"""单元格 (R74): how any words stand in a cell of a sheet, so that it is never a formula and comes back as it was."""

import re

FORMULA = re.compile(
    r"'*[=+\-@\t\n\r＝＋－＠]"
)  # what Excel and WPS could take for a formula, or hide one behind
APART = re.compile(r"'+[=+\-@\t\n\r＝＋－＠]")
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML can hold these


def plain(words: str) -> str:
    """As a cell can hold it: line ends are \\n, and what no sheet can hold is left out."""
    if "\r" in words:
        words = words.replace("\r\n", "\n").replace("\r", "\n")
    return UNFIT.sub("", words) if UNFIT.search(words) else words


def neutral(words: str) -> str:
    """With an apostrophe before it where a spreadsheet could take it for a formula (also before a text that has one
    already, so that `bare` gives every text back)."""
    return f"'{words}" if FORMULA.match(words) else words


def bare(words: str) -> str:
    """What `neutral` made, as it was; any other text is left alone."""
    return words[1:] if APART.match(words) else words
