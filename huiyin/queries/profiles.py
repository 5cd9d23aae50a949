"""可用、在用的办理规程：those shipped and the office's own, and which of them a unit goes by."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from huiyin.models import ProfileVersion, Unit
from huiyin.models.profile import profile_of
from huiyin.rules import profile as profiles
from huiyin.rules.profile import Profile, ProfileError
from huiyin.rules.vocabulary import Kind


def available() -> dict[str, Path]:
    """可用的办理规程 by name; the office's own files come before the shipped ones of the same name."""
    return profiles.names(*settings.PROFILE_FOLDERS)


def named(name: str) -> Profile:
    """The profile of that name as its file is now. Raises ProfileError in sentences."""
    return profiles.named(name, *settings.PROFILE_FOLDERS)


def found(name: str) -> Profile:
    """By its name, or from a file: what ends in .toml is a file. Raises ProfileError in sentences."""
    return profiles.load(Path(name)) if name.endswith(".toml") else named(name)


def chosen(unit: Unit, kind: Kind) -> str:
    """The name of the profile this unit goes by; for proposals the suggestions' where none is chosen for them."""
    own = (
        unit.suggestion_profile
        if kind == Kind.SUGGESTION
        else unit.proposal_profile or unit.suggestion_profile
    )
    return own or settings.HUIYIN_PROFILE


def current(unit: Unit, kind: Kind) -> Profile:
    """The profile this unit goes by, as its file is now. Raises ProfileError in sentences."""
    return named(chosen(unit, kind))


@dataclass(frozen=True)
class Shelf:
    """架上的一份规程: its file read, or why it cannot be used."""

    name: str
    own: bool  # the office's, not shipped
    profile: Profile | None = None
    reasons: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"{self.profile.title}（{self.profile.version}）" if self.profile else f"{self.name}（用不了）"


def shelf() -> list[Shelf]:
    """All there are, in the order of their names."""
    return [_shelf(name, path) for name, path in sorted(available().items())]


def _shelf(name: str, path: Path) -> Shelf:
    own = path.parent != profiles.FOLDER
    try:
        return Shelf(name, own, profiles.load(path))
    except ProfileError as error:
        return Shelf(name, own, reasons=error.reasons)


@dataclass(frozen=True)
class InForce:
    """一类件现在按哪一份办."""

    kind: Kind
    name: str
    chosen: bool  # by the unit, not by default
    profile: Profile | None
    reasons: list[str]


def in_use(unit: Unit) -> list[InForce]:
    """在用的规程 of a unit, for suggestions and for proposals."""
    own = {Kind.SUGGESTION: unit.suggestion_profile, Kind.PROPOSAL: unit.proposal_profile}
    result = []
    for kind in Kind:
        name = chosen(unit, kind)
        try:
            result.append(InForce(kind, name, bool(own[kind]), named(name), []))
        except ProfileError as error:
            result.append(InForce(kind, name, bool(own[kind]), None, error.reasons))
    return result


def versions(name: str = "") -> list[ProfileVersion]:
    """用过的版本, without their texts: of one profile or of all."""
    rows = ProfileVersion.objects.defer("text").order_by("name", "-kept_at", "-pk")
    return list(rows.filter(name=name) if name else rows)


def version(name: str, number: str) -> Profile | None:
    """A version as it was kept; None where none of that number was."""
    try:
        return profile_of(name, number)
    except ProfileVersion.DoesNotExist:
        return None


def word(unit: Unit | None, words: str) -> str:
    """Our own words as a unit's place says them (会办 for 协办); as they are where its profile cannot be read."""
    try:
        return named(chosen(unit, Kind.SUGGESTION)).say(words) if unit else words
    except ProfileError:
        return words
