"""看板上的数 (R66): each figure in words, and the items it counts by whose they are."""

from collections import defaultdict
from dataclasses import dataclass

FIGURES = {
    "open": ("未答复", "还没有书面答复（提出协办意见）的件"),
    "late": ("答复逾期", "过了办理时限还没有答复（提出协办意见）的件"),
    "soon": ("15日内到期", "15日内到办理时限、还没有答复的件"),
    "asked": ("等协办意见", "请了协办单位、意见还没有到的件"),
    "owed": ("别人欠我局", "协办单位过了期限还没有提出意见的件"),
    "cold": ("停滞", "满规程所定的工作日没有办理动作的件；催办、督办不算办理，中止计时的不算"),
    "untold": ("延期未告知代表", "延期已经同意、还没有登记告知代表的件"),
    "held": ("在手上", "现在等此人（科室、单位）办的件"),
    "errands": ("督办在办", "有没有销号的催办、督办、批示、会议决定的件"),
    "errands_late": ("督办逾期", "催办、督办、批示、会议决定过了日期没有答复的件"),
    "errands_answered": ("待销号", "催办、督办、批示、会议决定已经答复、等销号的件"),
    "promises": ("在办承诺", "有没有了结的承诺事项的件"),
    "promises_late": ("承诺逾期", "承诺事项过了完成期限没有了结的件"),
    "milestones_late": ("方案节点逾期", "督办方案的节点过了日期没有完成的件"),
    "no_plan": ("重点件无方案", "重点督办件还没有制定督办方案的件"),
    "co_late": ("协办意见不按时", "近两年协办单位没有按时提出意见的件"),
}  # fmt: skip
PLAIN = frozenset({"open", "soon", "asked", "held", "errands", "promises"})  # nothing wrong with these
ON_SECTION = ("open", "late", "soon", "cold", "owed", "errands_late", "promises_late")


class Tally:
    """数：items by figure and by whose they are ("section:3"; "" is all)."""

    def __init__(self) -> None:
        self._sets = defaultdict[tuple[str, str], set[int]](set)

    def add(self, figure: str, pk: int, *of: str) -> None:
        for one in ("", *of):
            self._sets[figure, one].add(pk)

    def items(self, figure: str, of: str = "") -> set[int]:
        return self._sets.get((figure, of), set())

    def count(self, figure: str, of: str = "") -> int:
        return len(self.items(figure, of))


@dataclass(frozen=True)
class Tile:
    """一格数字."""

    figure: str
    label: str
    count: int
    words: str
    bad: bool = False
