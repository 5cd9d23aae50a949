"""An export of a list is told in the journal; the deeds' words alone, no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('huiyin', '0015_items_in_order'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='deed',
            field=models.CharField(choices=[('propose', '提出拟办意见'), ('pass_assign', '交办关通过'), ('accept', '签收'), ('ask_return', '申请退办'), ('keep', '不同意退办'), ('reassign', '改派科室'), ('report_return', '报交办机关退办'), ('return_agreed', '登记同意退办'), ('return_refused', '登记不同意退办'), ('submit', '送审'), ('pass_review', '审核通过'), ('sign', '签发'), ('send_back', '退改'), ('send_back_review', '退回审核关'), ('send_back_propose', '退回重新拟办'), ('take_back', '撤回'), ('deliver', '登记送达'), ('deliver_opinion', '送主办单位'), ('hollow', '登记主办单位退回'), ('close', '办结'), ('track', '转承诺跟踪'), ('dissatisfy', '登记不满意'), ('rehandle', '开始重新办理'), ('fulfil', '承诺落实办结'), ('second_handle', '转二次办理'), ('withdraw', '登记撤回'), ('change_people', '调整经办人员'), ('contact', '登记沟通'), ('activity', '登记活动'), ('ask_exemption', '申请免予办前沟通'), ('grant_exemption', '批准免予办前沟通'), ('request_opinion', '请协办单位提意见'), ('receive_opinion', '登记协办意见'), ('return_opinion', '退回协办意见'), ('use_opinion', '标注采纳情况'), ('mark_missing', '标注逾期未提交'), ('draft', '起草'), ('evaluate', '登记评价'), ('remind', '登记催评'), ('lapse', '登记逾期未评价'), ('promise', '列承诺事项'), ('progress', '登记承诺进展'), ('convert', 'B类转A类'), ('plan_visit', '安排回访'), ('visit', '登记回访'), ('attach', '上传附件'), ('ask_extension', '申请延期'), ('extension_granted', '登记同意延期'), ('extension_refused', '登记不同意延期'), ('tell_extension', '登记延期告知代表'), ('suspend', '登记中止计时'), ('resume', '登记恢复计时'), ('publish', '登记公开'), ('move_dates', '时限随工作日历变动'), ('urge', '催办'), ('supervise', '督办'), ('instruct', '批示'), ('receive_errand', '签收督办事项'), ('answer_errand', '答复督办事项'), ('settle_errand', '销号'), ('return_errand', '退回重办督办事项'), ('plan', '制定督办方案'), ('milestone', '登记方案进展'), ('table', '提请会议研究'), ('decide', '登记会议决定'), ('split', '分拆'), ('merge', '并案'), ('unmerge', '解除并案'), ('points', '整理意见点'), ('answer_point', '填写逐条回应'), ('plan_requests', '拟定协办征求意见'), ('send_requests', '发出协办征求意见'), ('accept_opinion', '登记协办单位签收'), ('withdraw_opinion', '撤回协办征求意见'), ('ask_again', '再次征求协办意见'), ('countersign', '送协办单位会签'), ('open_link', '开通协办填报链接'), ('close_link', '作废协办填报链接'), ('remark', '批注'), ('settle_remark', '处理批注'), ('new_version', '另存新稿本'), ('show_draft', '送代表征求意见'), ('record_view', '登记代表对稿本的意见'), ('correct', '文字更正'), ('revise', '改稿'), ('send_copies', '登记抄送'), ('receipt', '登记回执'), ('prepare_public', '制作公开稿'), ('confirm_public', '核定公开稿'), ('unpublish', '撤下公开'), ('carry_in', '转入往年台账'), ('amend', '更正登记'), ('revoke', '撤销登记'), ('note', '登记归档号、备注'), ('keep_passages', '维护常用段落'), ('set_template', '维护公文模板'), ('set_public', '开关公开页'), ('register', '登记建议'), ('import', '导入交办表'), ('organise', '维护机构人员'), ('summarise', '生成年度总结'), ('set_calendar', '维护工作日历'), ('choose_profile', '选定办理规程'), ('convene', '安排会议'), ('undo_import', '撤销导入'), ('set_scoring', '设定考核方案'), ('write_paper', '起草年度文稿'), ('issue_paper', '印发年度文稿'), ('export', '导出')], max_length=20, verbose_name='动作'),
        ),
    ]
