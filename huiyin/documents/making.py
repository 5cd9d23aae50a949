"""做公文：a paper of an item as a file, or one for each who gets it in one .zip; in the office's own template where it has
one in use."""

import io
import re
import zipfile

from huiyin.documents.catalogue import CATALOGUE
from huiyin.documents.facts import Facts
from huiyin.documents.records import RECIPE_OF, Order, Recipe
from huiyin.models import PaperTemplate, Unit
from huiyin.rules.vocabulary import PaperKind

FIXED_TIME = (2000, 1, 1, 0, 0, 0)
UNFIT = re.compile(r'[\\/:*?"<>|\s]+')  # what a file may not be called


def write(kind: PaperKind, facts: Facts, unit: Unit, *, title: str = "") -> bytes:
    """The paper, in the unit's template for it or the built-in one."""
    return CATALOGUE[kind].write(facts, template=template_of(unit, kind), title=title)


def template_of(unit: Unit, kind: PaperKind) -> bytes | None:
    row = PaperTemplate.objects.filter(unit=unit, kind=kind, retired_at__isnull=True).select_related("file")
    if found := row.first():
        with found.file.file.open("rb") as file:
            data: bytes = file.read()
        return data
    return None


def one(recipe: Recipe, order: Order, to: str = "") -> tuple[str, bytes]:
    """(文件名, .docx) of one copy."""
    facts = recipe.facts(order, to)
    name = next((target.name for target in recipe.copies(order) if target.key == to), "")
    title = _title(recipe.kind, order, facts)
    return fit(f"{title}{'（' + name + '）' if name else ''}"), write(
        recipe.kind, facts, order.item.unit, title=title
    )


def _title(kind: PaperKind, order: Order, facts: Facts) -> str:
    if kind in {PaperKind.REPLY, PaperKind.REPLY_ORDINARY, PaperKind.OPINION}:
        draft = "" if order.item.reply else "（送审稿）"
        return f"{facts['标题']}{draft}"
    return f"第{order.item.suggestion.number}号{kind.label}"


def each(recipe: Recipe, order: Order) -> bytes:
    """一人一份 (R43): everybody's copy in one .zip; a reply with its opinion form."""
    form = RECIPE_OF[PaperKind.EVALUATION]
    recipes = [recipe]
    if recipe.kind in {PaperKind.REPLY, PaperKind.REPLY_ORDINARY} and not form.refusal(order):
        recipes.append(form)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, target in enumerate(recipe.copies(order), 1):
            for made in recipes:
                name = fit(f"{place:02d}{target.name}-{made.kind.label}") + ".docx"
                archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), one(made, order, target.key)[1])
    return out.getvalue()


def fit(name: str) -> str:
    return UNFIT.sub("", name)[:80]
