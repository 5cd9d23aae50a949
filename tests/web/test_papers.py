"""公文下载和公文模板的页."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from huiyin.documents import pdf
from huiyin.documents.catalogue import CATALOGUE, ENTRIES
from huiyin.models import Assignment, PaperTemplate, Person
from huiyin.rules.vocabulary import PaperKind, Part
from tests.conftest import Bureau
from tests.documents.reading import opened, texts

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def client(person: Person) -> Client:
    found = Client()
    found.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return found


def url(item: Assignment, kind: str) -> str:
    return reverse("paper", args=[item.pk, kind])


def test_a_paper_is_a_download_named_after_its_title(bureau: Bureau) -> None:
    item = bureau.issued(co_signers=("代表甲",))
    got = client(bureau.clerk).get(url(item, "reply"), {"to": "代表甲"})
    assert got["Content-Type"] == WORD
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in got["Content-Disposition"]
    assert texts(opened(got.content), "公文顶格") == ["代表甲代表："]
    archive = zipfile.ZipFile(io.BytesIO(client(bureau.clerk).get(url(item, "reply") + "?zip").content))
    assert len(archive.namelist()) == 4


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("nothing", ""),
        ("notice", ""),
        ("request", ""),
        ("reply", "?to=外人"),
        ("opinion", ""),
        ("visit", "?to=0"),
    ],
)
def test_what_cannot_be_made_is_not_there(bureau: Bureau, kind: str, query: str) -> None:
    assert client(bureau.clerk).get(url(bureau.issued(), kind) + query).status_code == 404


def test_where_no_pdf_can_be_made_the_word_file_of_the_same_paper_is_offered(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    paper = url(bureau.issued(), "reply")
    page = client(bureau.clerk).get(paper, {"to": "邱德海", "pdf": ""})
    assert page.status_code == 503
    word = f"{paper}?{urlencode({'to': '邱德海'})}"
    assert f'href="{word}"' in page.content.decode()
    assert client(bureau.clerk).get(word)["Content-Type"] == WORD


def test_the_item_page_lists_what_can_be_made_and_why_the_rest_cannot(bureau: Bureau) -> None:
    item = bureau.issued(co_signers=("代表甲",))
    page = client(bureau.clerk).get(reverse("item", args=[item.pk])).content.decode()
    assert f'href="{url(item, "evaluation")}?zip"' in page
    assert "每人一份（2份）" in page
    assert "征求协办意见函：还没有拟定征求意见的单位" in page
    assert ("?pdf" in page) == pdf.available()


def test_whoever_may_not_know_the_proposer_is_offered_no_letter(bureau: Bureau) -> None:
    item = bureau.issued(confidential=True, draft={"disclosure": "none", "disclosure_reason": "要求保密"})
    Assignment.objects.filter(pk=item.pk).update(office_director=None)
    seen = client(bureau.director)
    assert seen.get(reverse("item", args=[item.pk])).status_code == 200
    for kind in ("reply", "reply_ordinary", "evaluation", "labels", "face_reply", "consultation"):
        assert seen.get(url(item, kind)).status_code == 404
    assert seen.get(url(item, "chronology")).status_code == 200
    assert seen.get(reverse("label_sheet")).status_code == 404
    assert client(bureau.clerk).get(reverse("label_sheet")).status_code == 200


def test_labels_are_offered_where_something_is_still_to_be_sent(bureau: Bureau) -> None:
    link = f'href="{reverse("label_sheet")}"'
    page = reverse("dispatch")
    assert link not in client(bureau.clerk).get(page).content.decode()
    bureau.issued()
    assert link in client(bureau.clerk).get(page, {"show": "unsent"}).content.decode()


def test_a_stranger_has_no_paper(bureau: Bureau) -> None:
    item = bureau.issued()
    for kind in PaperKind:
        assert client(bureau.stranger).get(url(item, kind.value)).status_code == 404
    assert client(bureau.stranger).get(reverse("label_sheet")).status_code == 404


def test_the_code_on_the_form_opens_the_entry_with_its_proposer_chosen(bureau: Bureau) -> None:
    item = bureau.delivered(co_signers=("代表甲",))
    second = item.suggestion.proposers.get(name="邱德海")
    got = client(bureau.clerk).get(reverse("deed", args=[item.pk, "evaluate"]), {"proposer": second.pk})
    assert f'<option value="{second.pk}" selected>' in got.content.decode()


def test_a_proposal_and_an_opinion_have_their_own_letters(bureau: Bureau) -> None:
    organ = bureau.organ
    item = bureau.issued(part=Part.CO, lead_unit=organ)
    got = client(bureau.clerk).get(reverse("letter", args=[item.pk]))
    assert texts(opened(got.content), "公文顶格") == ["赣州市人民政府办公室："]


# 模板


@pytest.fixture
def director(bureau: Bureau) -> Client:
    return client(bureau.director)


def send(who: Client, kind: str, data: bytes, name: str = "模板.docx") -> Any:
    return who.post(
        reverse("paper_template", args=[kind]), {"file": ContentFile(data, name=name)}, follow=True
    )


def test_every_paper_has_a_page_of_its_place_holders_and_a_built_in_template(director: Client) -> None:
    index = director.get(reverse("paper_templates")).content.decode()
    for entry in ENTRIES:
        assert entry.name in index
        page = director.get(reverse("paper_template", args=[entry.kind.value])).content.decode()
        for slot in entry.slots:
            assert all(one in page for one in slot.written)
            assert slot.says in page
        got = director.get(reverse("paper_template_file", args=[entry.kind.value]))
        assert got["Content-Type"] == WORD
        assert opened(got.content)


def test_a_template_is_checked_put_into_use_and_given_up(director: Client) -> None:
    built_in = CATALOGUE[PaperKind.VISIT].template()
    page = send(director, "visit", built_in).content.decode()
    assert "回访记录单的模板已启用" in page
    row = PaperTemplate.objects.get()
    file = reverse("paper_template_file", args=["visit"])
    assert director.get(file, {"own": row.pk}).content == built_in
    assert director.get(file, {"own": 0}).status_code == 404
    director.post(reverse("paper_template", args=["visit"]), {"built_in": "1"})
    row.refresh_from_db()
    assert row.retired_at is not None
    assert "用过的" in director.get(reverse("paper_template", args=["visit"])).content.decode()


def test_a_wrong_template_is_refused_with_its_place(director: Client) -> None:
    document = opened(CATALOGUE[PaperKind.VISIT].template())
    document.add_paragraph("{{ 标题.__class__ }}")
    out = io.BytesIO()
    document.save(out)
    got = send(director, "visit", out.getvalue())
    assert got.status_code == 422
    assert "像是代码" in got.content.decode()
    assert not PaperTemplate.objects.exists()


def test_a_template_of_another_unit_is_not_there(bureau: Bureau, director: Client) -> None:
    send(director, "visit", CATALOGUE[PaperKind.VISIT].template())
    row = PaperTemplate.objects.get()
    assert bureau.stranger.unit
    bureau.stranger.posts.create(role="office_director", unit=bureau.stranger.unit)
    other = client(bureau.stranger)
    assert other.get(reverse("paper_template_file", args=["visit"]), {"own": row.pk}).status_code == 404
    assert "模板.docx" not in other.get(reverse("paper_templates")).content.decode()
