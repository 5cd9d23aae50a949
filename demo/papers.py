"""演示的公文：every paper made from the demo year's own records. `python -m demo.papers FOLDER` writes them as .docx; with
--pictures also as PNG, for docs/images/papers (LibreOffice and pdftoppm wanted)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

DOTS = 60


def made(on: date) -> Iterator[tuple[str, bytes]]:
    """(name, .docx) of every paper, each from an item that has what it needs."""
    from huiyin.documents import making, notice, urging
    from huiyin.documents.records import RECIPES, Order
    from huiyin.models import Assignment, Meeting, Supervision
    from huiyin.rules.vocabulary import PaperKind, RoundKind, SupervisionKind

    meeting = Meeting.objects.get(year=2020)
    items = list(Assignment.objects.filter(meeting=meeting).order_by("suggestion__number_key", "round"))
    orders = [Order(item, on, False, partial(_form, item.pk)) for item in items]
    first = next(one for one in orders if one.item.suggestion.number == "082")
    for recipe in RECIPES:
        order = next(one for one in (first, *orders) if not recipe.refusal(one))
        targets = recipe.copies(order)
        yield recipe.kind.value, making.one(recipe, order, targets[0].key if targets else "")[1]
    wanted = [one for one in items if one.round_kind != RoundKind.REHANDLING and not notice.incomplete([one])]
    facts = notice.facts_of(items[0].unit, meeting, wanted, on=date(2020, 6, 1))
    yield PaperKind.NOTICE.value, making.write(PaperKind.NOTICE, facts, items[0].unit)
    for kind, act in (
        (PaperKind.URGE, SupervisionKind.URGE),
        (PaperKind.SUPERVISE, SupervisionKind.SUPERVISE),
    ):
        found = Supervision.objects.filter(kind=act).order_by("pk").first()
        if found is not None:
            said = urging.facts_of(found, list(found.errands.order_by("pk")))
            yield kind.value, making.write(kind, said, found.unit)


def _form(item: int, proposer: int) -> str:
    return f"http://127.0.0.1:8000/items/{item}/evaluate/?proposer={proposer}"


def pictures(folder: Path) -> None:
    """The pages of each paper as small pictures."""
    from huiyin.documents import pdf

    for one in sorted(folder.glob("*.docx")):
        page = one.with_suffix(".pdf")
        page.write_bytes(pdf.convert(one.read_bytes()))
        _run("pdftoppm", "-r", str(DOTS), "-png", str(page), str(one.with_suffix("")))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=300)  # noqa: S603 - fixed programs


def main(folder: Path) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils.timezone import localdate

    call_command("demo", "--load-only")
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made(localdate()):
        (folder / f"{name}.docx").write_bytes(data)
    if "--pictures" in sys.argv:
        pictures(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
