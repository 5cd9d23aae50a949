"""Word修改：a draft goes out and comes back as a new version, after its difference has been looked at."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from huiyin.actions import Refused, Stale, rewording
from huiyin.models import Assignment, StoredFile
from huiyin.rules.vocabulary import VersionOrigin
from tests.conftest import BODY, Bureau, day
from tests.documents.test_opening import HOSTILE, png

AT = day("2020-07-21")


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    item = bureau.contacted()
    bureau.draft(item)
    return Assignment.objects.get(pk=item.pk)


@pytest.fixture
def handler(bureau: Bureau, client: Client) -> Client:
    client.force_login(bureau.handler)
    return client


def downloaded(client: Client, item: Assignment) -> bytes:
    response = client.get(reverse("draft_word", args=[item.pk]))
    assert response.status_code == 200
    return response.content


def edited(data: bytes, change: Callable[[Any], object]) -> bytes:
    document = Document(io.BytesIO(data))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def write_more(document: Any) -> None:
    """As a person does in Word: one paragraph changed, one added."""
    old = next(one for one in document.paragraphs if "绿色通道" in one.text)
    old.runs[0].text = old.text.replace("压缩审批时限", "审批时限压缩到5个工作日")
    document.add_paragraph("下一步，我局将按月调度。")


def bring(client: Client, item: Assignment, data: bytes, name: str = "改.docx") -> Any:
    return client.post(reverse("draft_import", args=[item.pk]), {"scan": SimpleUploadedFile(name, data)})


def page(response: Any) -> str:
    return str(response.content.decode())


def test_out_and_in_by_the_pages(item: Assignment, handler: Client) -> None:
    back = edited(downloaded(handler, item), write_more)
    sent = bring(handler, item, back)
    assert sent.status_code == 302
    preview = page(handler.get(sent.url))
    assert "2 段有改动" in preview
    assert "<ins>下一步，我局将按月调度。</ins>" in preview
    draft = Assignment.objects.get(pk=item.pk).draft
    assert draft is not None
    assert (draft.number, draft.body) == (1, BODY)  # nothing has changed yet
    done = handler.post(sent.url, {"revision": draft.revision})
    assert done.headers["Location"] == reverse("draft", args=[item.pk])
    old, new = item.versions.order_by("number")
    assert old.body == BODY
    assert not old.is_open
    assert new.is_open
    assert new.origin == VersionOrigin.IMPORTED
    assert new.body.splitlines()[-1] == "下一步，我局将按月调度。"
    assert (new.contact_phone, new.outcome_class) == (old.contact_phone, "A")
    assert "导入Word改稿，成为稿本2" in item.events.latest("seq").text


def test_whoever_saved_meanwhile_loses_nothing(item: Assignment, bureau: Bureau, handler: Client) -> None:
    file = rewording.take_in(
        item, SimpleUploadedFile("改.docx", edited(downloaded(handler, item), write_more)), by=bureau.handler, at=AT
    )  # fmt: skip
    assert item.draft is not None
    shown = item.draft.revision
    bureau.draft(item, at="2020-07-21", body=BODY + "\n另外的一段，是别人刚写的。")
    with pytest.raises(Stale) as refused:
        rewording.adopt(item, file, revision=shown, by=bureau.handler, at=AT)
    assert "别人刚写的" in refused.value.current
    assert item.versions.count() == 1
    again = handler.post(reverse("draft_compare", args=[item.pk, file.pk]), {"revision": shown})
    assert again.status_code == 409
    assert "<del>另外的一段，是别人刚写的。</del>" in page(again)
    assert "又保存过" in page(again)


def test_an_empty_draft_is_filled_without_an_empty_version_before_it(bureau: Bureau, handler: Client) -> None:
    item = bureau.contacted()
    version = bureau.begun_draft(item)
    file = rewording.take_in(
        item, SimpleUploadedFile("旧稿.docx", edited(blank(), write_all)), by=bureau.handler, at=AT
    )
    fresh = rewording.adopt(item, file, revision=version.revision, by=bureau.handler, at=AT)
    assert (fresh.number, fresh.body) == (1, "我局已完成供地。")
    assert fresh.title == version.title
    assert "记号已丢失" in page(handler.get(reverse("draft_compare", args=[item.pk, file.pk])))


def blank() -> bytes:
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


def write_all(document: Any) -> None:
    document.add_paragraph("我局已完成供地。")


def test_pictures_come_with_it_once_and_are_this_items(
    item: Assignment, bureau: Bureau, handler: Client
) -> None:
    def illustrate(document: Any) -> None:
        document.add_picture(io.BytesIO(png(60, 40)))
        document.add_paragraph("图中为二期地块。")

    first = edited(downloaded(handler, item), illustrate)
    sent = bring(handler, item, first)
    assert "有1张图片" in page(handler.get(sent.url))
    handler.post(sent.url, {"revision": 1})
    version = Assignment.objects.get(pk=item.pk).draft
    assert version is not None
    picture = StoredFile.objects.get(assignment=item, content_type="image/png")
    assert f"【图{picture.pk}】\n图中为二期地块。" in version.body
    again = bring(handler, item, downloaded(handler, item))  # out with its picture, and in again
    assert "一字不差" in page(handler.get(again.url))
    handler.post(again.url, {"revision": version.revision})
    assert StoredFile.objects.filter(assignment=item, content_type="image/png").count() == 1


def test_sources_and_points_come_back_and_strange_ones_are_refused(
    item: Assignment, bureau: Bureau, handler: Client
) -> None:
    data = edited(
        downloaded(handler, item), lambda document: document.add_paragraph("【赣州市水利局】外来的意见。")
    )
    file = rewording.take_in(item, SimpleUploadedFile("改.docx", data), by=bureau.handler, at=AT)
    with pytest.raises(Refused, match="赣州市水利局"):
        rewording.adopt(item, file, revision=1, by=bureau.handler, at=AT)
    assert item.versions.count() == 1
    response = handler.post(reverse("draft_compare", args=[item.pk, file.pk]), {"revision": 1})
    assert response.status_code == 409
    assert "赣州市水利局" in page(response)


def test_a_file_of_another_item_is_refused_and_named_by_nothing(
    item: Assignment, bureau: Bureau, handler: Client
) -> None:
    other = bureau.contacted(number="083", title="关于另一件事的建议")
    bureau.draft(other)
    response = bring(handler, item, downloaded(handler, other))
    assert response.status_code == 409
    assert "是从别的件下载的稿本" in page(response)
    assert "另一件事" not in page(response)
    assert not item.files.exists()


REFUSED = {
    "macros": (HOSTILE["macros"][0], "改.docx", "含有宏"),
    "a template elsewhere": (HOSTILE["a template elsewhere"][0], "改.docx", "外部的模板"),
    "a bomb": (HOSTILE["many nothings in a small file"][0], "改.docx", "压缩"),
    "an entity": (HOSTILE["an entity in UTF-16"][0], "改.docx", "实体"),
    "a pdf": (lambda: b"%PDF-1.4", "改.pdf", "请选Word文件"),
    "nothing": (blank, "改.docx", "没有读到正文"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_a_sentence_and_not_kept(
    item: Assignment, handler: Client, name: str
) -> None:
    build, called, words = REFUSED[name]
    response = bring(handler, item, build(), called)
    assert response.status_code == 409
    assert words in page(response)
    assert not item.files.exists()


@pytest.mark.parametrize("who", ["clerk", "head", "chief"])
def test_only_the_drafter_has_it_out_and_in(
    item: Assignment, bureau: Bureau, who: str, client: Client
) -> None:
    person = bureau.people[who]
    client.force_login(person)
    for name in ("draft_word", "draft_import"):
        response = client.get(reverse(name, args=[item.pk]))
        assert response.headers["Location"] == reverse("item", args=[item.pk]), name
    with pytest.raises(Refused, match="承办人"):
        rewording.take_in(item, SimpleUploadedFile("改.docx", blank()), by=person, at=AT)


def test_a_stranger_finds_nothing(item: Assignment, bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.stranger)
    for name in ("draft_word", "draft_import"):
        assert client.get(reverse(name, args=[item.pk])).status_code == 404


def test_a_file_that_is_no_rewording_cannot_be_adopted(
    item: Assignment, bureau: Bureau, handler: Client
) -> None:
    from huiyin.actions import filing
    from tests.conftest import pdf

    file = filing.attach(item, upload=pdf(), purpose="附件", by=bureau.handler, at=AT)
    assert handler.get(reverse("draft_compare", args=[item.pk, file.pk])).status_code == 404
    with pytest.raises(Refused, match="没有这份改稿"):
        rewording.adopt(item, file, revision=1, by=bureau.handler, at=AT)
