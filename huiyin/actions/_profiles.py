"""在用的办理规程：which profile a unit goes by, its text kept word for word as used."""

from datetime import datetime

from huiyin.actions._refused import Refused
from huiyin.models import ProfileVersion, Unit
from huiyin.queries import profiles
from huiyin.rules.profile import Profile, ProfileError
from huiyin.rules.vocabulary import Kind


def in_force(unit: Unit, kind: Kind, *, at: datetime) -> Profile:
    """办理规程 for a kind of item at this unit now; its text is kept. Refused when it cannot be read, or when a kept
    version's text was changed without a new version number."""
    try:
        found = profiles.current(unit, kind)
    except ProfileError as error:
        raise Refused(str(error)) from error
    keep(found, at=at)
    return found


def keep(profile: Profile, *, at: datetime) -> ProfileVersion:
    """留存这一版的全文, once. Refused when its text changed but its version number did not."""
    kept, _ = ProfileVersion.objects.get_or_create(
        name=profile.name,
        version=profile.version,
        defaults={"title": profile.title, "text": profile.text, "kept_at": at},
    )
    if kept.text != profile.text:
        raise Refused(f"办理规程“{profile.title}”的内容改了，版本号仍是{profile.version}：请换一个版本号再用")
    return kept
