"""征求意见稿所见：to whom which version was shown, and what was said of it."""

from django.db.models import QuerySet

from huiyin.models import Assignment, Consultation


def consultations(item: Assignment) -> QuerySet[Consultation]:
    """最近送出的在前."""
    rows = Consultation.objects.filter(version__assignment=item)
    return rows.select_related("version", "proposer", "sent_by", "paper").order_by("-sent_on", "-pk")
