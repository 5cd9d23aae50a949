"""计数列：what lists and figures read of an item's rows, beside the rows themselves."""

from django.db import models


class Counted(models.Model):
    """计数列 of an item. Repeats what its reply, clocks, contacts, deliveries, evaluations and class changes say, so that a
    list of 100,000 items is filtered, sorted and counted on one table. Written by huiyin.actions._counting alone, in the
    deed's own transaction; `huiyin verify` counts anew and compares."""

    replied_on = models.DateField(
        "答复日期", null=True, editable=False
    )  # the first reply's (opinion's) signature
    reply_number = models.CharField("答复文号", max_length=60, blank=True, editable=False)  # the latest's
    late = models.BooleanField(
        "逾期答复", default=False, editable=False
    )  # a main clock stopped after its date
    running_on = models.DateField(
        "在走的时限", null=True, editable=False
    )  # of the main clock; none while suspended
    contacted_on = models.DateField("首次沟通日期", null=True, editable=False)
    met_on = models.DateField("首次见面日期", null=True, editable=False)
    delivered_on = models.DateField("送达日期", null=True, editable=False)  # the first addressee's
    reply_class = models.CharField("答复类别", max_length=2, blank=True, editable=False)
    class_now = models.CharField("现类别", max_length=2, blank=True, editable=False)
    solved = models.BooleanField("已解决", default=False, editable=False)  # by the item's own profile
    to_turn = models.BooleanField(
        "列入跟踪", default=False, editable=False
    )  # the reply's class is one to be followed up
    rated_on = models.DateField(
        "评价日期", null=True, editable=False
    )  # when all who evaluate have, or it lapsed
    attitude = models.CharField("态度评价", max_length=14, blank=True, editable=False)  # the worst
    outcome = models.CharField("结果评价", max_length=14, blank=True, editable=False)  # the worst
    attitude_satisfied = models.BooleanField("态度满意", null=True, editable=False)
    outcome_satisfied = models.BooleanField("结果满意", null=True, editable=False)
    in_satisfaction = models.BooleanField(
        "计入满意率", default=False, editable=False
    )  # its denominator, by the profile
    promises = models.PositiveSmallIntegerField("承诺项数", default=0, editable=False)
    promises_kept = models.PositiveSmallIntegerField("已落实项数", default=0, editable=False)

    class Meta:
        abstract = True
