"""演示的公文：every paper made from the demo year's own records. `python -m demo.papers FOLDER` writes them as .docx; with
--pictures also as PNG, for docs/images/papers (LibreOffice and pdftoppm wanted)."""

import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

DOTS = 60
PAGES = {
    "request": (1, 2),
    "consultation": (1, 2),
    "notice": (1, 3),
    "reply": (1, 3),
    "reply_ordinary": (1, 3),
}


def made(on: date) -> Iterator[tuple[str, bytes]]:
    """(name, .docx) of every paper, each from an item that has what it needs."""
    from huiyin.documents import making, notice, urging
    from huiyin.documents.records import RECIPES, Order
    from huiyin.models import Assignment, Meeting, Supervision
    from huiyin.rules.vocabulary import PaperKind, RoundKind, SupervisionKind

    meeting = Meeting.objects.get(year=2020)
    items = list(Assignment.objects.filter(meeting=meeting).order_by("number_key", "round"))
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
    """The first pages of each paper as small pictures of few colours."""
    from huiyin.documents import pdf

    for one in sorted(folder.glob("*.docx")):
        page = one.with_suffix(".pdf")
        page.write_bytes(pdf.convert(one.read_bytes()))
        for number in PAGES.get(one.stem, (1,)):
            data = _run("pdftoppm", "-r", str(DOTS), "-f", str(number), "-l", str(number), str(page))
            one.with_name(f"{one.stem}-{number}.png").write_bytes(png(data))


def png(data: bytes) -> bytes:
    """A PNG of black, red and what lies between them and white: a paper has no other colours."""
    _, size, _, pixels = data.split(b"\n", 3)
    width, height = map(int, size.split())
    palette = [level for ink in ((0, 0, 0), (255, 0, 0)) for level in _levels(ink)]
    reds, greens = pixels[0::3], pixels[1::3]
    places = bytes(
        green // 32 + (8 if red > green + 60 else 0) for red, green in zip(reds, greens, strict=True)
    )
    lines = (places[at : at + width] for at in range(0, len(places), width))
    rows = b"".join(
        b"\0" + bytes(line[i] << 4 | (line[i + 1] if i + 1 < width else 0) for i in range(0, width, 2))
        for line in lines
    )
    head = struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", bytes(sum(palette, ()))),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def _levels(ink: tuple[int, int, int]) -> list[tuple[int, ...]]:
    """Eight steps from the ink to white."""
    return [tuple(one + (255 - one) * step // 7 for one in ink) for step in range(8)]


def _run(*words: str) -> bytes:
    return subprocess.run(words, check=True, capture_output=True, timeout=300).stdout  # noqa: S603 - fixed programs


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
