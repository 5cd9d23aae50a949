"""删去个人信息: what must be found in a text before the public reads it, and what must be left."""

import pytest

from huiyin.rules.redaction import Find, Private, found, struck

TELEPHONES = (
    "13800000001", "138 0000 0002", "138-0000-0003", "138.0000.0004", "138 00000005", "1380000-0006", "+8613800000007",
    "+86 138 0000 0008", "+86-138-0000-0009", "008613800000010", "(+86)13800000011", "（+86）138 0000 0012", "8613800000013",
    "１３８００００００１４", "１３８－００００－００１５", "138－0000－0016", "138·0000·0017", "17012345678", "19912345678", "16612345678",
    "一三八零零零零零零一八", "幺三八〇〇〇〇〇〇一九", "0797-8000001", "0797 8000002", "(0797)8000003", "（0797）8000004", "07978000005",
    "0797-800-0006", "010-80000007", "021 8000 0008", "0797-8000009转801", "0797-8000010-802", "0797-8000011 ext 803",
    "+86-797-8000012", "０７９７－８０００１３５", "400-800-0014", "4008000015", "800 820 0016", "400-8000-017",
)  # fmt: skip
LED = (
    "联系电话：8000018", "座机8000019", "传真：8000-0020", "电话（办）80000021", "手机短号：668822", "联系人谢先生，电话 8000023",
)  # fmt: skip
IDENTITIES = (
    "360702198001011234", "36070219800101123X", "36070219800101123x", "360702 19800101 1234", "360702-19800101-1234",
    "３６０７０２１９８００１０１１２３４", "360702800101123", "360702 800101 123", "360702198013451234", "36070219800101123×",
)  # fmt: skip
OTHERS = {
    Private.PAPER: ("护照号E12345678", "E12345678", "港澳通行证C12345678", "军官证：南字第123456号", "H12345678"),
    Private.CARD: ("6222021234567890123", "6222 0212 3456 7890 123", "6222-0212-3456-7890"),
    Private.MAIL: ("xie.wenbin@example.com", "xie_wb@mail.example.com.cn", "xwb(at)example.com"),
    Private.ACCOUNT: ("微信号：xiewenbin_82", "QQ123456789", "微信同号wxid-4821"),
    Private.PLATE: ("赣B12345", "赣B·D12345", "赣BD12345"),
    Private.ADDRESS: (
        "长征大道16号3栋2单元501室", "红旗大道88号", "滨江花园3栋501", "潭口镇蕉林村三组", "家住章贡区某处老屋旁边",
        "通讯地址：赣州市章贡区长征大道旁",
    ),
}  # fmt: skip
INNOCENT = (
    "赣市自然资字〔2020〕15号", "国办发〔2014〕46号", "2020年8月12日", "2020-08-12", "2020.08.12", "2020-2035年", "2021—2035年规划",
    "10.34公顷", "312亩", "1380亩", "12345.67平方米", "投资13800万元", "138000000元", "1.38亿元", "第082号建议", "A20250015",
    "11.04.090", "GB/T 9704-2012", "GB 50016-2014", "《土地管理法》第四十四条", "东经114.9357度", "北纬25°51′", "X=2861234.567",
    "邮编341000", "每亩138000元", "186户145户", "3个村186户", "10000平方米", "105国道", "K12+380", "面积1234567.8平方米", "第1380次",
    "36070个", "一千三百八十万", "打造“一江两岸”", "5公里",
)  # fmt: skip


def places(text: str) -> list[tuple[Private, str]]:
    return [(one.kind, one.text) for one in found(text)]


@pytest.mark.parametrize("number", TELEPHONES)
def test_a_telephone_is_found_whole(number: str) -> None:
    assert places(f"请与谢文斌联系，{number}，谢谢。") == [(Private.TELEPHONE, number)]


@pytest.mark.parametrize("words", LED)
def test_a_local_number_is_found_by_the_word_before_it(words: str) -> None:
    (one,) = found(f"如有疑问请来电，{words}。")
    assert one.kind == Private.TELEPHONE
    assert words.endswith(one.text)


@pytest.mark.parametrize("number", IDENTITIES)
def test_an_identity_number_is_found_whole(number: str) -> None:
    """A wrong checksum or day is somebody's slip of the pen, and still his number."""
    assert places(f"提出人（{number}）反映") == [(Private.IDENTITY, number)]


@pytest.mark.parametrize(("kind", "words"), [(kind, one) for kind, row in OTHERS.items() for one in row])
def test_other_personal_data_are_found(kind: Private, words: str) -> None:
    assert kind in [one.kind for one in found(f"其中，{words}，已联系。")]


@pytest.mark.parametrize("words", INNOCENT)
def test_what_looks_alike_is_left(words: str) -> None:
    assert places(f"现答复如下：{words}，特此函复。") == []


def test_one_text_with_all_of_them_keeps_none() -> None:
    private = [*TELEPHONES, *IDENTITIES]
    text = "。".join(f"第{n}位代表反映，{one}，已记录" for n, one in enumerate(private, 1)) + "。"
    clean = struck(text, found(text))
    assert len(private) >= 40
    assert [one for one in private if one in clean] == []
    assert clean.count("（电话略）") == len(TELEPHONES)
    assert clean.count("（身份证号略）") == len(IDENTITIES)
    assert found(clean) == []


def test_only_what_is_confirmed_is_struck() -> None:
    text = "电话0797-8000001，值班13800000001。"
    office, mobile = found(text)
    assert struck(text, [mobile]) == "电话0797-8000001，值班（电话略）。"
    assert struck(text, []) == text
    assert office == Find(Private.TELEPHONE, 2, 14, "0797-8000001")


def test_a_number_written_into_an_address_stands_for_itself() -> None:
    text = "住址：章贡区红旗大道12号3栋201室 联系电话13807970001 身份证号360702198001011238"
    assert [(one.kind, one.text) for one in found(text)] == [
        (Private.ADDRESS, "章贡区红旗大道12号3栋201室 联系电话"),
        (Private.TELEPHONE, "13807970001"),
        (Private.IDENTITY, "360702198001011238"),
    ]
    passed = [one for one in found(text) if one.kind != Private.ADDRESS]
    assert struck(text, passed).endswith("联系电话（电话略） 身份证号（身份证号略）")
