"""`huiyin docs`：writes the reference pages that are made from the tables; --check tells whether they are current."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from huiyin.documents.catalogue import ENTRIES
from huiyin.queries.formulas import COUNTS, RATES
from huiyin.rules import profile as profiles
from huiyin.rules.permissions import MAY, UNIT_WIDE
from huiyin.rules.profile import Row
from huiyin.rules.vocabulary import ClockKind, Part, Status
from huiyin.rules.workflow import ACTS, EVERY, STEPS, Step

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"
HEAD = "<!-- Made by `make docs` from huiyin/rules; do not edit. -->\n"


class Command(BaseCommand):
    help = "Write docs/reference from the tables (or --check that it is current)"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        pages = {
            "workflow.md": workflow(),
            "permissions.md": permissions(),
            "profile.md": profile(),
            "papers.md": papers(),
            "figures.md": figures(),
        }
        stale = []
        for name, text in pages.items():
            path = FOLDER / name
            if options["check"]:
                stale += [name] if not path.exists() or path.read_text(encoding="utf-8") != text else []
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        if stale:
            self.stderr.write(f"不是最新，请运行 make docs：{'、'.join(stale)}")
            sys.exit(1)


def _parts(step: Step) -> str:
    if step.parts >= EVERY - {Part.INFO}:
        return "各种办理方式"
    return "、".join(part.label for part in Part if part in step.parts)


def _row(step: Step) -> str:
    needs = "；".join(need.label for need in step.needs) or "—"
    goal = step.target.label if step.target else "不变"
    gate = f"（{step.gate.label}审签齐后）" if step.gate else ""
    clocks = [f"起：{kind.label}" for kind in step.starts]
    clocks += (
        ["停：全部"] if len(step.stops) == len(ClockKind) else [f"停：{kind.label}" for kind in step.stops]
    )
    sources = "、".join(status.label for status in Status if status in step.sources)
    return f"| {step.deed.label} | {sources} | {goal}{gate} | {step.who.label} | {needs} | {_parts(step)} | {'；'.join(clocks) or '—'} |"


def workflow() -> str:
    """流程表和流程图."""
    table = "| 动作 | 从 | 到 | 谁办 | 条件 | 办理方式 | 时限 |\n|---|---|---|---|---|---|---|\n"
    arrows = []
    for step in STEPS:
        if step.target is None or len(step.sources) > 4:
            continue
        arrows += [f"  {source.name} -->|{step.deed.label}| {step.target.name}" for source in step.sources]
    boxes = [f'  {status.name}["{status.label}"]' for status in Status]
    diagram = "\n".join(["```mermaid", "flowchart TD", *boxes, *arrows, "```"])
    moving = table + "\n".join(_row(step) for step in STEPS)
    staying = table + "\n".join(_row(step) for step in ACTS)
    return (
        f"{HEAD}\n# 办理流程\n\n一件在一个单位的流程。表中每一行就是程序里的一行（`huiyin/rules/workflow.py`）；"
        f"撤回在答复前任何状态都可以登记，图中略去。\n\n{diagram}\n\n## 改变状态的动作\n\n{moving}\n\n"
        f"## 不改变状态的动作\n\n{staying}\n"
    )


def permissions() -> str:
    """谁能办、谁能看."""
    rows = [
        f"| {step.deed.label} | {'、'.join(s.label for s in Status if s in step.sources)} | {step.who.label} |"
        for step in (*STEPS, *ACTS)
    ]
    may = [f"| {deed.label} | {'、'.join(role.label for role in roles)} |" for deed, roles in MAY.items()]
    wide = "、".join(role.label for role in UNIT_WIDE)
    return (
        f"{HEAD}\n# 谁能办，谁能看\n\n## 谁能看\n\n- {wide}：本单位的全部承办件。\n- 承办人、承办科室负责人、分管业务局领导："
        "本科室（所分管科室）的件，以及写明由其经办、由其负责或有其承诺事项的件。\n- 代职人：代职期间，看得到、办得了不在岗的人的件，页面和公文上写明“代”。\n"
        "- 系统管理员：只维护机构人员，看不到任何承办件。\n- 其他单位的人：看不到。范围以外的件，页面、文件、导出一律答“没有这一页”（404）。\n"
        "- 看得到的就能导出；每次导出记入本单位的办理轨迹：谁、何时、什么文件、按什么条件、多少行。\n\n"
        "## 一件上的动作\n\n| 动作 | 在什么状态 | 谁办 |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n\n## 不在某一件上的动作\n\n| 动作 | 谁办 |\n|---|---|\n"
        + "\n".join(may)
        + "\n"
    )


MAIN = (
    "periods.return", "periods.contact", "periods.opinion", "periods.reply", "periods.reply_hard", "periods.proposal",
    "periods.proposal_between", "periods.evaluation", "periods.rehandling", "extension.allowed", "extension.longest",
    "extension.agreed_by", "extension.tell_proposer", "satisfaction.questions", "satisfaction.numerator",
    "satisfaction.denominator", "chains.issue", "words.co",
)  # fmt: skip


def profile() -> str:
    """办理规程：the main values of all side by side, then each with its articles."""
    shipped = [profiles.load(path) for path in sorted(profiles.FOLDER.glob("*.toml"))]
    texts = [{row.key: row.text for row in one.rows()} for one in shipped]
    parts = [
        HEAD, "# 办理规程\n", "随软件的规程。“待核”的值须与本地人大、政协机关核对；各单位怎样做自己的一份，见 [profiles.md](../profiles.md)。\n",
        "## 主要规定对照\n", f"| | {' | '.join(f'[{one.name}](#{one.name})' for one in shipped)} |", f"|---{'|---' * len(shipped)}|",
        *(f"| {profiles.PATHS[key].label} | {' | '.join(one[key] for one in texts)} |" for key in MAIN),
        f"| 办理结果类别 | {' | '.join('、'.join(one.classes) for one in shipped)} |", "",
    ]  # fmt: skip
    counted = Counter(row for one in shipped for row in one.rows())
    common = [row for row in counted if counted[row] > len(shipped) / 2]
    parts += ["## 多数规程相同的\n", "下面各份里没有列出的项，同此。\n", *_rows(common)]
    for one in shipped:
        own = [row for row in one.rows() if row not in common]
        parts += [f"## {one.name}\n", f"{one.title}，版本 {one.version}。\n", *_rows(own)]
    return "\n".join(parts)


def _rows(rows: list[Row]) -> list[str]:
    table = [f"| {row.section} | {row.label} | {row.text} | {row.basis} |" for row in rows]
    return ["| 部分 | 项目 | 规定 | 依据 |", "|---|---|---|---|", *table, ""]


def papers() -> str:
    """公文的占位符."""
    sections = []
    for entry in ENTRIES:
        rows = [
            f"| {'　'.join(f'`{one}`' for one in slot.written)} | {slot.says} | {slot.shape.label} | {'是' if slot.required else ''} |"
            for slot in entry.slots
        ]
        table = "\n".join(["| 占位符 | 是什么 | 种类 | 必须有 |", "|---|---|---|---|", *rows])
        sections.append(f"## {entry.name}\n\n{entry.says}。\n\n{table}\n")
    return (
        f"{HEAD.replace('rules', 'documents')}\n# 公文的占位符\n\n怎样改模板，见 [papers.md](../papers.md)。\n\n"
        + "\n".join(sections)
    )


def figures() -> str:
    """统计口径."""
    counts = [f"| {one.label} | {one.unit} | {one.words} | `{one.key}` |" for one in COUNTS]
    given = {"denominator": "办理规程所定的件数", "numerator": "办理规程所列档次"}
    rates = [f"| {one.label} | {one.unit} | {one.words.format(**given)} | `{one.key}` |" for one in RATES]
    head = "| {} | 单位 | 口径 | 键 |\n|---|---|---|---|\n"
    return (
        f"{HEAD.replace('rules', 'queries/formulas.py')}\n# 统计口径\n\n每个数字背后是哪些件，见 [figures.md](../figures.md)。"
        "比率的键加 `.num` 是分子，加 `.den` 是分母，加 `.not` 是分母里不在分子的件，都可以在台账地址里写 `figure=`。\n\n"
        f"## 件数\n\n{head.format('数字')}"
        + "\n".join(counts)
        + f"\n\n## 比率\n\n{head.format('指标')}"
        + "\n".join(rates)
        + "\n"
    )
