"""告诉：once, in the caller's transaction, to the people and to who stands in for them."""

from datetime import date

from django.db import transaction

from huiyin import notices
from huiyin.actions import organising
from huiyin.models import Assignment, Dispatch, Notice, Person
from huiyin.notices import Told, subject, tell, tell_many
from huiyin.notices.telling import untitled
from huiyin.rules.vocabulary import NoticeKind
from tests.conftest import Bureau, day

AT = day("2020-06-10")


def heard(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).values_list("text", flat=True))


def test_told_twice_is_heard_once(bureau: Bureau) -> None:
    people = [bureau.handler.pk, bureau.head.pk]
    assert tell(people, NoticeKind.WARNING, "剩3个工作日", key="reply:1:3", at=AT) == 2
    assert tell([*people, bureau.clerk.pk], NoticeKind.WARNING, "又一次", key="reply:1:3", at=AT) == 1
    assert heard(bureau.handler) == ["剩3个工作日"]
    assert heard(bureau.clerk) == ["又一次"]


def test_named_twice_in_one_round_is_heard_once(bureau: Bureau) -> None:
    told = [Told([bureau.handler.pk] * 2, NoticeKind.WARNING, text, "reply:1:3") for text in ("先", "后")]
    assert tell_many(told, at=AT) == 1
    assert heard(bureau.handler) == ["先"]


def test_what_is_rolled_back_was_never_told(bureau: Bureau) -> None:
    def told() -> int:
        return tell([bureau.handler.pk], NoticeKind.ARRIVAL, "新到一件", key="arrival:1", at=AT)

    with transaction.atomic():
        assert told() == 1
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert told() == 1


def test_a_key_taken_at_the_same_moment_costs_the_others_nothing(bureau: Bureau) -> None:
    from huiyin.notices import telling

    people = [bureau.handler, bureau.head, bureau.clerk]
    tell([bureau.head.pk], NoticeKind.ARRIVAL, "先到", key="k", at=AT)
    rows = [
        Notice(key=f"k:{one.pk}", person=one, kind=NoticeKind.ARRIVAL, text="后到", at=AT) for one in people
    ]
    assert {row.person for row in telling._insert(rows)} == {bureau.handler, bureau.clerk}
    assert heard(bureau.head) == ["先到"]


def test_who_stands_in_is_told_too_and_only_on_those_days(bureau: Bureau) -> None:
    organising.stand_in(
        bureau.handler, bureau.deputy_head, from_on=date(2020, 6, 10), to_on=date(2020, 6, 12),
        by=bureau.admin, at=AT,
    )  # fmt: skip
    assert tell([bureau.handler.pk], NoticeKind.ARRIVAL, "新到一件", key="a", at=day("2020-06-12", 23)) == 2
    assert tell([bureau.handler.pk], NoticeKind.ARRIVAL, "又到一件", key="b", at=day("2020-06-13", 0)) == 1
    assert heard(bureau.deputy_head) == ["代谢文斌：新到一件"]
    both = [bureau.handler.pk, bureau.deputy_head.pk]
    assert tell(both, NoticeKind.ARRIVAL, "三到", key="c", at=AT) == 2
    assert "三到" in heard(bureau.deputy_head)


def test_nobody_tells_a_person_who_has_left(bureau: Bureau) -> None:
    Person.objects.filter(pk=bureau.handler.pk).update(is_active=False)
    assert tell([bureau.handler.pk, 10**9], NoticeKind.ARRIVAL, "新到一件", key="a", at=AT) == 0
    assert not Notice.objects.exists()


def test_without_channels_the_inbox_has_all(bureau: Bureau) -> None:
    tell([bureau.handler.pk], NoticeKind.ERRAND, "催办", key="a", at=AT)
    assert heard(bureau.handler) == ["催办"]
    assert not Dispatch.objects.exists()


def test_an_item_is_named_by_number_and_title_unless_it_must_not_be(bureau: Bureau) -> None:
    assert subject(bureau.register()) == "第082号《关于协调港口用地指标落实项目用地保障的建议》"
    assert subject(bureau.register(number="083", confidential=True)) == "第083号"
    assert subject(bureau.register(number="084", secret=True, text="")) == "第084号"
    quoting = bureau.register(number="085", title="关于落实《土地管理法》的建议")
    assert subject(quoting) == "第085号《关于落实〈土地管理法〉的建议》"
    assert (
        untitled(f"今天有2件：{subject(quoting)}起草；第083号审签") == "今天有2件：第085号起草；第083号审签"
    )
    odd = bureau.register(number="08 6\r\nBcc: x《甲》", title="关于\r\n测试的建议")
    assert subject(odd) == "第08 6 Bcc: x〈甲〉号《关于 测试的建议》"  # it may become the subject of a mail
    assert untitled(subject(odd)) == "第08 6 Bcc: x〈甲〉号"
    assert Assignment.objects.count() == 5
    assert notices.subject is subject
