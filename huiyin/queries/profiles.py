"""可用、在用的办理规程：those shipped and the office's own, and which of them a unit goes by."""

from pathlib import Path

from django.conf import settings

from huiyin.models import Unit
from huiyin.rules import profile as profiles
from huiyin.rules.profile import Profile
from huiyin.rules.vocabulary import Kind


def available() -> dict[str, Path]:
    """可用的办理规程 by name; the office's own files come before the shipped ones of the same name."""
    return profiles.names(*settings.PROFILE_FOLDERS)


def named(name: str) -> Profile:
    """The profile of that name as its file is now. Raises ProfileError in a sentence."""
    return profiles.named(name, *settings.PROFILE_FOLDERS)


def chosen(unit: Unit, kind: Kind) -> str:
    """The name of the profile this unit goes by; for proposals the suggestions' where none is chosen for them."""
    own = (
        unit.suggestion_profile
        if kind == Kind.SUGGESTION
        else unit.proposal_profile or unit.suggestion_profile
    )
    return own or settings.HUIYIN_PROFILE


def found(name: str) -> Profile:
    """By its name, or from a file: what ends in .toml is a file. Raises ProfileError in sentences."""
    return profiles.load(Path(name)) if name.endswith(".toml") else named(name)
