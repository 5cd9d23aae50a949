"""建议、提案的说法：how a paper of the year calls what it is about, and who made it."""

from dataclasses import dataclass

from huiyin.rules.vocabulary import Kind


@dataclass(frozen=True)
class Matter:
    """一种说法."""

    name: str  # 人大建议
    listed: str  # 市五届人大五次会议[代表建议]30件
    noun: str  # 30件[建议]
    people: str  # 与[代表]沟通
    from_whom: str  # [人大代表]围绕我市经济社会发展提出的[建议]


MATTERS = {
    Kind.SUGGESTION: Matter("人大建议", "代表建议", "建议", "代表", "人大代表"),
    Kind.PROPOSAL: Matter("政协提案", "提案", "提案", "委员", "政协委员"),
}
BOTH = Matter("人大建议、政协提案", "代表建议、政协提案", "建议提案", "代表委员", "人大代表、政协委员")


def matter_of(*kinds: Kind) -> Matter:
    """Of these kinds; of suggestions where there are none yet."""
    if len(set(kinds)) > 1:
        return BOTH
    return MATTERS[kinds[0]] if kinds else MATTERS[Kind.SUGGESTION]
