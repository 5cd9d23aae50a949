"""在用的办理规程：which profile a unit goes by, its text kept word for word as used."""

from datetime import datetime

from django.conf import settings

from huiyin.actions._refused import Refused
from huiyin.models import ProfileVersion, Unit
from huiyin.rules import profile as profiles
from huiyin.rules.profile import Profile, ProfileError
from huiyin.rules.vocabulary import Kind


def in_force(unit: Unit, kind: Kind, *, at: datetime) -> Profile:
    """办理规程 for a kind of item at this unit now; its text is kept. Refused when it cannot be read, or when a kept
    version's text was changed without a new version number."""
    chosen = unit.suggestion_profile if kind == Kind.SUGGESTION else unit.proposal_profile or unit.suggestion_profile
    try:
        found = profiles.named(chosen or settings.HUIYIN_PROFILE)
    except ProfileError as error:
        raise Refused(str(error)) from error
    kept, _ = ProfileVersion.objects.get_or_create(
        name=found.name, version=found.version, defaults={"title": found.title, "text": found.text, "kept_at": at}
    )
    if kept.text != found.text:
        raise Refused(f"办理规程“{found.title}”的内容改了，版本号仍是{found.version}：请换一个版本号再用")
    return found
