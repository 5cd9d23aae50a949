"""征求意见稿的卡片 beside the draft."""

from typing import Any

from huiyin.models import Assignment, ReplyVersion
from huiyin.queries.consultations import consultations
from huiyin.queries.item import hides_proposer
from huiyin.rules import workflow
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed


def side(item: Assignment, version: ReplyVersion | None, actor: Actor) -> dict[str, Any]:
    return {
        "consultations": consultations(item), "hide_proposer": hides_proposer(item, actor),
        "consulting_required": item.profile.consult_required,
        "shows": not workflow.refusals(actor, item, Deed.SHOW_DRAFT),
        "views": not workflow.refusals(actor, item, Deed.RECORD_VIEW),
    }  # fmt: skip
