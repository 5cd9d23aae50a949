"""机构人员的查询 (S8): the six people of an item are found from its section."""

from huiyin.models import Person, Post, Section, Unit
from huiyin.rules.vocabulary import SECTION_ROLES, SIX, Role


def holder(role: Role, unit: Unit, section: Section | None = None) -> Person | None:
    """在岗的人：the first active holder of a post, of the section for the business line."""
    posts = Post.objects.filter(role=role, unit=unit, person__is_active=True)
    if role in SECTION_ROLES:
        posts = posts.filter(section=section)
    post = posts.select_related("person").order_by("pk").first()
    return post.person if post else None


def six_for(unit: Unit, section: Section) -> dict[Role, Person | None]:
    """双线三把关的六人，由科室推出."""
    return {role: holder(role, unit, section) for role in SIX}


def holders(role: Role, unit: Unit, section: Section | None = None) -> list[Person]:
    """All active holders of a post, to choose from."""
    people = Person.objects.filter(posts__role=role, posts__unit=unit, is_active=True)
    if section is not None:
        people = people.filter(posts__section=section)
    return list(people.distinct())
