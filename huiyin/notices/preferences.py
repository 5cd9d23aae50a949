"""接收设置：which kinds of notice a person wants by which channel. The inbox has them all and cannot be switched off."""

from collections.abc import Iterable

from huiyin.models import Person, Preference
from huiyin.notices.channels import configured
from huiyin.rules.vocabulary import NoticeKind

BY_DEFAULT = frozenset({NoticeKind.WARNING, NoticeKind.ERRAND, NoticeKind.DIGEST})


class Wishes:
    """The wishes of some people, read at once."""

    def __init__(self, people: Iterable[Person]) -> None:
        known = configured().values()
        self.personal = [one for one in known if not one.group]
        self.group = [one for one in known if one.group]
        rows = (
            Preference.objects.filter(person__in=list(people)) if self.personal else Preference.objects.none()
        )
        self.said = {
            (person, kind, channel): wanted
            for person, kind, channel, wanted in rows.values_list("person_id", "kind", "channel", "wanted")
        }

    def wants(self, person: Person, kind: str, channel: str) -> bool:
        return self.said.get((person.pk, kind, channel), kind in BY_DEFAULT)

    def channels(self, person: Person, kind: str) -> list[str]:
        """The channels by which this person is sent a kind of notice: he wants it, and has an address there."""
        return [
            one.name for one in self.personal if one.reaches(person) and self.wants(person, kind, one.name)
        ]

    def groups(self, person: Person, kind: str) -> list[str]:
        """The channels of groups of his unit that are to hear of this kind."""
        return [one.name for one in self.group if kind in one.kinds and one.hears(person)]


def wants(person: Person, kind: NoticeKind, channel: str) -> bool:
    return Wishes([person]).wants(person, kind, channel)
