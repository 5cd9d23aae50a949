"""查找: what is in the index and what is not yet, or not any more, is found alike, and exactly what holds the word."""

import pytest

from bench import world
from huiyin.actions.searching import index_new
from huiyin.models import Assignment, Proposer, Suggestion
from huiyin.models.keys import Keys
from huiyin.models.suggestion import Indexed
from huiyin.queries.searching import holding
from huiyin.rules.grams import APART, exact, pairs
from tests.conftest import Bureau
from tests.queries.test_paging import TODAY

pytestmark = pytest.mark.django_db


def found(word: str) -> set[int]:
    items = Assignment.objects.filter(suggestion__among=holding(word))
    return set(items.values_list("suggestion", flat=True))


def truly(word: str) -> set[int]:
    return {
        one.pk
        for one in Suggestion.objects.prefetch_related("proposers")
        for people in [[] if one.confidential else [person.name for person in one.proposers.all()]]
        if any(word.lower() in text.lower() for text in (one.number, one.title, one.text, *people))
    }


def test_every_word_is_found_where_it_stands_and_nowhere_else() -> None:
    world.build(60, seed=8, today=TODAY, indexed=False)
    one = Suggestion.objects.order_by("pk")[3]
    person = Proposer.objects.filter(suggestion__confidential=False)[2].name
    hidden = Proposer.objects.filter(suggestion__confidential=True)[0].name
    words = [
        one.text[40:42], one.text[100:104], one.title[3:9], one.number, one.number[-3:], "a2", "A20", "桥", "，",
        "地。目", one.text[one.text.index("。") - 1 :][:2], one.text[one.text.index("，") :][:4], "建议", person, person[1:], hidden, "没有这个词", "𠮷野", "x",
    ]  # fmt: skip
    for done in (0, 25, None):
        index_new(done)
        for word in words:
            assert found(word) == truly(word), (word, done)
    assert set(Suggestion.objects.values_list("indexed", flat=True)) == {Indexed.YES}


def test_keys_are_looked_up_or_held_against_a_map_and_are_the_same(bureau: Bureau) -> None:
    items = [bureau.register(number=f"{100 + n}", title=f"关于第{n}座桥的建议") for n in range(3)]
    pks = sorted(one.suggestion_id for one in items)
    few = Keys(f"{pks[1]},{100 * pks[2]}")
    many = Keys(",".join(str(pk) for pk in range(pks[1], 0, -1)))
    assert (len(few.map), len(many.map)) == (0, pks[1] + 1)
    for keys, wanted in ((few, pks[1:2]), (many, pks[:2]), (Keys(""), [])):
        found = Assignment.objects.filter(suggestion__among=keys).values_list("suggestion", flat=True)
        assert sorted(found) == wanted
        others = Assignment.objects.exclude(suggestion__among=keys).values_list("suggestion", flat=True)
        assert sorted(others) == [pk for pk in pks if pk not in wanted]


def test_what_is_a_sign_of_the_database_is_a_sign_of_the_text(bureau: Bureau) -> None:
    item = bureau.register(number="090", title="关于降低50%费用_和加快的建议", lead="周建国")
    for done in (0, None):
        index_new(done)
        for word in ("50%", "%", "费用_和", "_"):
            assert found(word) == {item.suggestion_id}, word
        assert found("5%0") == found("用__") == found("费%和") == set()


def test_what_was_changed_is_found_by_its_new_words_only(bureau: Bureau) -> None:
    item = bureau.register(number="090", title="关于桥梁的建议", lead="周建国")
    index_new()
    assert found("桥梁") == found("周建国") == {item.suggestion_id}
    suggestion = Suggestion.objects.get(pk=item.suggestion_id)
    suggestion.title = "关于隧道的建议"
    suggestion.save()
    assert index_new() == 0
    assert (found("隧道"), found("桥梁"), found("关于桥梁")) == ({suggestion.pk}, set(), set())


def test_a_person_renamed_is_found_by_his_new_name(bureau: Bureau) -> None:
    item = bureau.register(number="091", lead="周建国")
    index_new()
    person = Proposer.objects.get(suggestion=item.suggestion_id)
    person.name = "周建军"
    person.save()
    assert (found("周建军"), found("建国")) == ({item.suggestion_id}, set())


def test_pairs_are_told_apart() -> None:
    assert pairs("桥 梁") == pairs("桥\n梁") == pairs("桥　梁") == [APART]
    assert pairs("桥") == pairs(" 桥") == []
    assert len(pairs("桥，梁")) == 2 and not {*pairs("桥，梁")} & {*pairs("桥梁")}
    assert pairs("aB1") == pairs("Ab1") and len(pairs("Ab1")) == 2
    assert pairs("用地") != pairs("地用")
    assert pairs("用地用地")[:2] == pairs("用地用") and pairs("用地 用")[-1] == APART
    assert exact("用地") and exact("用，") and not exact("𠮷地")
    assert not {*pairs("𠮷地")} & {*pairs("".join(f"{chr(code)}地" for code in range(0xE000, 0x10000)))}


def test_pairs_found_apart_are_no_word(bureau: Bureau) -> None:
    bureau.register(number="093", title="关于桥梁和梁柱的建议")
    item = bureau.register(number="094", title="关于桥梁柱的建议")
    bureau.register(number="095", title="关于𠮷野的建议")
    index_new()
    assert found("桥梁柱") == {item.suggestion_id}
    assert found("于𠮷") and not found("于\U000203b7") and not found("关于\U000203b7野")


def test_what_a_deed_read_before_it_was_put_there_and_saved_after_is_found_as_it_is_now(
    bureau: Bureau,
) -> None:
    item = bureau.register(number="092", title="关于桥梁的建议", lead="周建国", confidential=False)
    stale = Suggestion.objects.get(pk=item.suggestion_id)
    again = Suggestion.objects.get(pk=item.suggestion_id)
    assert index_new() == 1
    stale.title = "关于隧道的建议"
    stale.save()  # as it was read, it is in no index
    assert index_new() == 0
    assert (found("隧道"), found("桥梁")) == ({stale.pk}, set())
    Suggestion.objects.update(indexed=Indexed.YES)
    again.confidential = True
    again.save(update_fields=["confidential"])
    assert found("建国") == found("周建国") == set()
