"""事实：what is stored, with the constraints that keep it true."""

from huiyin.models.assignment import Assignment, Clock, Exemption
from huiyin.models.contact import Activity, Contact
from huiyin.models.evaluation import ClassChange, Commitment, Evaluation, FollowUpVisit, Progress
from huiyin.models.event import Event, Submission
from huiyin.models.intake import ImportBatch
from huiyin.models.opinion import CoOpinion
from huiyin.models.organisation import Person, Post, Section, StandIn, Unit
from huiyin.models.reply import Delivery, NumberSeries, Passage, Reply, ReplyVersion, SignOff
from huiyin.models.storage import StoredFile
from huiyin.models.suggestion import Category, Meeting, Proposer, Suggestion

__all__ = [
    "Activity",
    "Assignment",
    "Category",
    "ClassChange",
    "Clock",
    "CoOpinion",
    "Commitment",
    "Contact",
    "Delivery",
    "Evaluation",
    "Event",
    "Exemption",
    "FollowUpVisit",
    "ImportBatch",
    "Meeting",
    "NumberSeries",
    "Passage",
    "Person",
    "Post",
    "Progress",
    "Proposer",
    "Reply",
    "ReplyVersion",
    "Section",
    "SignOff",
    "StandIn",
    "StoredFile",
    "Submission",
    "Suggestion",
    "Unit",
]
