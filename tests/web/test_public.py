"""答复公开页 and 送达: what somebody who has not signed in finds there, and what he never finds."""

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from huiyin.actions import delivering, filing, publishing
from huiyin.models import Annex, Assignment, Delivery, Person, PublicVersion, Suggestion, Unit
from huiyin.rules.vocabulary import Deed, DeliveryMethod
from tests.conftest import BODY, Bureau, day
from tests.documents.test_cleaning import everything

STAFF = ("谢文斌", "赖春华", "刘晓琴", "曾建平", "温国强", "黄志远", "陈永明", "0797-8000001", "8000001")
PRIVATE = BODY + "请拨打0797-8000001或１３８００００００２２。"


def pages(reply: int) -> list[str]:
    return [reverse(name, args=[reply]) for name in ("public_reply", "public_word")]


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    return bureau.published(draft={"body": PRIVATE, "copies_to": "市人大常委会选任联工委"})


@pytest.fixture
def reply(item: Assignment) -> int:
    assert item.reply is not None
    return item.reply.pk


def listed(client: Client, **asked: Any) -> str:
    return client.get(reverse("public"), asked).content.decode()


def test_anybody_reads_the_reply_and_nothing_of_the_office(
    bureau: Bureau, reply: int, client: Client
) -> None:
    found: list[bytes] = [client.get(url).content for url in [reverse("public"), *pages(reply)]]
    texts = [everything(one) if one.startswith(b"PK") else one.decode() for one in found]
    assert "第082号" in texts[0]
    assert all("压缩审批时限" in text for text in texts[1:])
    assert "赣市自然资" in texts[1]
    assert "邱德海" in texts[1]
    for text in texts:
        assert [word for word in (*STAFF, "选任联工委", "１３８") if word in text] == []
        assert "办理轨迹" not in text
    assert texts[1].count("（电话略）") == 2


def test_nothing_of_the_reader_is_kept_and_the_headers_are_as_strict(reply: int, client: Client) -> None:
    for url in [reverse("public"), *pages(reply), reverse("public_reply", args=[999])]:
        response = client.get(url)
        assert not response.cookies, url
        assert "unsafe" not in response.headers["Content-Security-Policy"], url
        kept = response.headers["Cache-Control"]
        assert kept == ("public, max-age=60" if response.status_code == 200 else "no-store"), url
    assert client.post(reverse("public")).status_code == 405


def withdrawn(item: Assignment, bureau: Bureau) -> None:
    publishing.unpublish(item, on=date(2020, 8, 4), reason="有误", by=bureau.clerk, at=day("2020-08-04"))


def unconfirmed(item: Assignment, bureau: Bureau) -> None:
    PublicVersion.objects.update(published_on=None, confirmed_at=None, confirmed_by=None)


def switched_off(item: Assignment, bureau: Bureau) -> None:
    publishing.switch(bureau.unit, public=False, by=bureau.director, at=day("2020-08-04"))
    Unit.objects.filter(short_name="市水利局").update(public=True)  # another unit's page stays


def confidential(item: Assignment, bureau: Bureau) -> None:
    Suggestion.objects.update(confidential=True)


def secret(item: Assignment, bureau: Bureau) -> None:
    Suggestion.objects.update(secret=True, text="")


def not_disclosed(item: Assignment, bureau: Bureau) -> None:
    assert item.reply is not None
    type(item.reply.version).objects.update(disclosure="on_request")


@pytest.mark.parametrize("then", [withdrawn, unconfirmed, switched_off, confidential, secret, not_disclosed])
def test_what_is_no_longer_for_the_public_is_gone_from_every_page(
    then: Any, item: Assignment, reply: int, bureau: Bureau, client: Client
) -> None:
    assert [client.get(url).status_code for url in pages(reply)] == [200, 200]
    then(item, bureau)
    assert [client.get(url).status_code for url in pages(reply)] == [404, 404]
    assert client.get(reverse("public_annex", args=[reply, 1])).status_code == 404
    for asked in ({}, {"q": "082"}, {"q": "审批"}):
        text = listed(client, **asked)
        assert "第082号" not in text
        assert not re.search(r"共 [1-9]", text)


def test_where_no_unit_has_a_public_page_there_is_none(bureau: Bureau, client: Client) -> None:
    bureau.delivered()
    assert client.get(reverse("public")).status_code == 404
    Unit.objects.filter(pk=bureau.unit.pk).update(public=True)
    assert "没有公开的答复" in listed(client)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "082"}, True), ({"q": "审批 用地"}, True), ({"q": "用地保障"}, True), ({"year": "2020"}, True), ({"q": "没有的词"}, False),
        ({"year": "2019"}, False), ({"q": "8000001"}, False), ({"q": "谢文斌"}, False), ({"q": "选任联"}, False), ({"category": "99999"}, False),
        ({"page": "99"}, True), ({"q": "a\0b", "year": "²", "category": "9" * 40}, False), ({"year": "9" * 30}, True),
    ],
)  # fmt: skip
def test_the_search_looks_only_at_what_the_page_shows(
    asked: dict[str, str], found: bool, item: Assignment, client: Client
) -> None:
    """The number struck, the writer and the organs that got copies are not found: that would tell of them."""
    assert ("第082号" in listed(client, **asked)) is found


def test_the_newest_comes_first_and_the_list_has_pages(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    second = bureau.delivered(number="083")
    bureau.made_public(second)
    publishing.publish(second, on=date(2020, 8, 4), by=bureau.clerk, at=day("2020-08-04"))
    text = listed(client)
    assert text.index("第083号") < text.index("第082号")
    with CaptureQueriesContext(connection) as queries:
        listed(client)
    assert len(queries) < 12


def test_names_not_to_be_shown_are_not(bureau: Bureau, client: Client) -> None:
    item = bureau.published()
    PublicVersion.objects.update(names_shown=False)
    assert item.reply is not None
    assert "邱德海" not in client.get(reverse("public_reply", args=[item.reply.pk])).content.decode()


def test_the_form_strikes_what_is_ticked_and_puts_back_what_is_not(bureau: Bureau, client: Client) -> None:
    item = bureau.delivered(draft={"body": PRIVATE})
    url = reverse("deed", args=[item.pk, "prepare_public"])
    client.force_login(bureau.handler)
    page = client.get(url).content.decode()
    assert '<mark title="电话">0797-8000001</mark>' in page
    assert page.count("（电话略）") == 2
    assert (
        page.count('name="strike"')
        == page.count("checked", page.index('name="strike"'), page.index('name="body"'))
        == 2
    )
    body = re.search(r"<textarea[^>]*name=\"body\"[^>]*>\n?(.*?)</textarea>", page, re.S)
    assert body
    told = {"title": "关于第082号建议的答复", "body": body[1], "names_shown": "on"}
    assert client.post(url, {**told, "strike": ["1"]}).status_code == 302
    version = PublicVersion.objects.get()
    assert "0797-8000001" in version.body
    assert "１３８" not in version.body
    assert version.struck == [["telephone", 11]]
    typed = client.post(url, {**told, "strike": ["0", "1"], "body": body[1] + "值班13800000033。"})
    assert typed.status_code == 409
    text = typed.content.decode()
    assert "还没有删去、也没有确认可以公开：电话“13800000033”" in text
    assert 'name="fine" value="13800000033"' in text
    gone = client.post(url, {**told, "strike": ["0"], "body": BODY})
    assert gone.status_code == 422
    assert "已不是2处" in gone.content.decode()


def test_what_an_annex_holds_is_put_to_whoever_prepares_the_page(bureau: Bureau, client: Client) -> None:
    item, out = bureau.delivered(), io.BytesIO()
    document = Document()
    document.add_paragraph("咨询电话0797-8112233")
    document.save(out)
    upload = ContentFile(out.getvalue(), name="清单.docx")
    file = filing.attach(item, upload=upload, purpose="附件", by=bureau.clerk, at=day("2020-07-28"))
    assert item.reply is not None
    annex = Annex.objects.create(version=item.reply.version, order=1, name="清单", file=file)
    client.force_login(bureau.handler)
    url = reverse("deed", args=[item.pk, "prepare_public"])
    told = {"title": "关于第082号建议的答复", "body": BODY, "names_shown": "on", "annexes": [str(annex.pk)]}
    page = client.post(url, told)
    assert page.status_code == 409
    assert 'name="fine" value="0797-8112233"' in page.content.decode()
    assert client.post(url, {**told, "fine": ["0797-8112233"]}).status_code == 302
    assert PublicVersion.objects.get().annexes.count() == 1


def test_the_director_confirms_beside_the_letter_and_switches_the_page(
    bureau: Bureau, client: Client
) -> None:
    item = bureau.delivered(draft={"body": PRIVATE})
    bureau.made_public(item, confirmed=False)
    client.force_login(bureau.director)
    url = reverse("deed", args=[item.pk, "confirm_public"])
    page = client.get(url).content.decode()
    assert "（电话略）" in page
    assert '<mark title="电话">0797-8000001</mark>' in page
    assert client.post(url, {"seen": "1"}).status_code == 302
    settings = reverse("public_settings")
    assert "开通公开页" in client.get(settings).content.decode()
    assert client.post(settings, {"public": "1"}).status_code == 302
    assert Unit.objects.get(pk=bureau.unit.pk).public
    client.force_login(bureau.clerk)
    assert "关闭公开页" not in client.get(settings).content.decode()
    assert client.post(settings, {"public": "0"}).status_code == 409
    assert Unit.objects.get(pk=bureau.unit.pk).public


def test_receipts_are_ticked_and_recorded_in_one_go(bureau: Bureau, client: Client) -> None:
    item = bureau.issued()
    delivering.deliver(
        item, addressees=item.addressees(), on=date(2020, 7, 27), method=DeliveryMethod.POST, by=bureau.clerk, at=day("2020-07-27"),
    )  # fmt: skip
    row = Delivery.objects.get()
    url = reverse("dispatch")
    client.force_login(bureau.head)  # sees it, and it is not his to do
    assert 'name="delivery"' not in client.get(url, {"show": "unreceived"}).content.decode()
    assert client.post(url, {"delivery": [row.pk], "on": "2020-07-30"}).status_code == 409
    client.force_login(bureau.stranger)
    assert client.post(url, {"delivery": [row.pk], "on": "2020-07-30"}).status_code == 409
    assert not Delivery.objects.filter(received_on__isnull=False).exists()
    client.force_login(bureau.clerk)
    page = client.get(url, {"show": "unreceived", "method": "post"}).content.decode()
    assert f'name="delivery" value="{row.pk}"' in page
    assert "邱德海" not in client.get(url, {"show": "unreceived", "method": "electronic"}).content.decode()
    assert client.post(url, {"delivery": [row.pk]}).status_code == 422
    assert client.post(url, {"delivery": [row.pk], "on": "2020-07-30"}).status_code == 302
    row.refresh_from_db()
    assert row.received_on == date(2020, 7, 30)


def test_who_keeps_the_list_of_replies_to_publish_goes_from_it_to_the_next_step(
    bureau: Bureau, client: Client
) -> None:
    item = bureau.delivered()
    page = reverse("public_settings")

    def said(who: Person) -> str:
        client.force_login(who)
        return client.get(page).content.decode()

    for deed, his, others in (
        (Deed.PREPARE_PUBLIC, bureau.clerk, bureau.director),
        (Deed.CONFIRM_PUBLIC, bureau.director, None),
        (Deed.PUBLISH, bureau.clerk, None),
    ):
        way = reverse("deed", args=[item.pk, deed.value])
        assert way in said(his)
        assert others is None or (way not in said(others) and "等制作公开稿" in said(others))
        if deed == Deed.PREPARE_PUBLIC:
            bureau.made_public(item, confirmed=False)
        elif deed == Deed.CONFIRM_PUBLIC:
            publishing.confirm(item, seen=1, by=bureau.director, at=day("2020-07-30", 10))


def test_a_promise_and_a_visit_are_recorded_from_their_list(bureau: Bureau, client: Client) -> None:
    item = bureau.evaluated(draft={"outcome_class": "B", "body": f"{BODY}列入今年计划，完成港站二期供地。"})
    promise, visit = item.commitments.get(), item.visits.get()
    ways = [
        f"{reverse('deed', args=[item.pk, 'progress'])}?commitment={promise.pk}",
        f"{reverse('deed', args=[item.pk, 'visit'])}?visit={visit.pk}",
    ]
    client.force_login(bureau.handler)
    page = client.get(reverse("promises")).content.decode()
    for way, chosen in zip(ways, (promise, visit), strict=True):
        assert way in page
        assert f'<option value="{chosen.pk}" selected>' in client.get(way).content.decode()
    client.force_login(bureau.chief)
    page = client.get(reverse("promises")).content.decode()
    assert promise.content in page and ways[1] not in page
