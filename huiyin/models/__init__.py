"""事实：what is stored, with the constraints that keep it true."""

from huiyin.models.assignment import Assignment, Exemption
from huiyin.models.clock import CalendarYear, Clock, Extension, Suspension
from huiyin.models.contact import Activity, Contact
from huiyin.models.drafting import Consultation, Point, Remark, StandardPassage
from huiyin.models.evaluation import ClassChange, Commitment, Evaluation, FollowUpVisit, Progress
from huiyin.models.event import Event, Submission
from huiyin.models.intake import Heading, ImportBatch, ImportedRow
from huiyin.models.keys import Among
from huiyin.models.ledger import LedgerTemplate, LedgerView
from huiyin.models.notice import Beat, Dispatch, Notice, Preference
from huiyin.models.opinion import AnswerLink, CoOpinion
from huiyin.models.organisation import Person, Post, Section, StandIn, Unit
from huiyin.models.profile import ProfileVersion
from huiyin.models.reply import (
    Annex,
    Delivery,
    NumberSeries,
    Passage,
    PublicVersion,
    Reply,
    ReplyVersion,
    SignOff,
)
from huiyin.models.scoring import HandMark, ScoreScheme
from huiyin.models.searching import SearchEntry
from huiyin.models.storage import StoredFile
from huiyin.models.suggestion import Category, Meeting, Proposer, Suggestion
from huiyin.models.supervision import (
    AgendaItem,
    Errand,
    LeadersMeeting,
    Milestone,
    Supervision,
    SupervisionPlan,
)
from huiyin.models.template import PaperTemplate
from huiyin.models.yearly import YearPaper, YearPaperVersion

__all__ = [
    "Activity",
    "AgendaItem",
    "Among",
    "Annex",
    "AnswerLink",
    "Assignment",
    "Beat",
    "CalendarYear",
    "Category",
    "ClassChange",
    "Clock",
    "CoOpinion",
    "Commitment",
    "Consultation",
    "Contact",
    "Delivery",
    "Dispatch",
    "Errand",
    "Evaluation",
    "Event",
    "Exemption",
    "Extension",
    "FollowUpVisit",
    "HandMark",
    "Heading",
    "ImportBatch",
    "ImportedRow",
    "LeadersMeeting",
    "LedgerTemplate",
    "LedgerView",
    "Meeting",
    "Milestone",
    "Notice",
    "NumberSeries",
    "PaperTemplate",
    "Passage",
    "Person",
    "Point",
    "Post",
    "Preference",
    "ProfileVersion",
    "Progress",
    "Proposer",
    "PublicVersion",
    "Remark",
    "Reply",
    "ReplyVersion",
    "ScoreScheme",
    "SearchEntry",
    "Section",
    "SignOff",
    "StandIn",
    "StandardPassage",
    "StoredFile",
    "Submission",
    "Suggestion",
    "Supervision",
    "SupervisionPlan",
    "Suspension",
    "Unit",
    "YearPaper",
    "YearPaperVersion",
]
