"""What the reader is told when something about a plan is refused."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register(
    {
        "plan_runs": _("A plan runs on this matter already. End it before you start another one."),
        "no_plan_runs": _("No plan runs on this matter now. Look at where it stands."),
        "open_tasks": _(
            "The plan still has %(count)s open tasks. Finish them, skip them with a reason, or end the plan."
        ),
        "plan_not_ended": _("Every task is over, but the plan has not ended. A leader ends it first."),
        "ending_tasks": _(
            "%(count)s tasks that the plan ends with are still open. Finish them or skip them with a reason."
        ),
        "drill_inside": _("This is a drill. Nobody outside is asked for anything."),
        "plan_unknown": _("This plan is not in force here. Choose one of the list."),
        "task_unknown": _("The plan has no such task. Look at the board again."),
        "task_elsewhere": _("This task belongs to another unit. Ask that unit or the desk."),
        "task_waits": _("Other tasks come before this one. Finish those first."),
        "task_taken": _("Somebody has taken this task already. Look at the board again."),
        "task_over": _("This task is over already."),
        "task_there": _("The task is there already. Choose another unit or person."),
        "task_not_begun": _("There is nothing to take back: the task is open."),
        "task_followed": _("What came after this task has begun, so it can no longer be taken back."),
        "plan_unfit": _("The plan cannot be used. Row %(row)s: %(reason)s"),
        "plan_empty": _("A plan has at least one task. Add one."),
        "plan_long": _("A plan has at most %(most)s tasks. Take some together."),
        "plan_no_end": _("Say which tasks must be over before the plan may end."),
        "plan_no_task": _("There is no task %(task)s in this plan. Choose one of its rows."),
        "plan_no_role": _("There is no post %(role)s. Choose one of the list."),
        "plan_no_unit": _("There is no kind of unit %(unit)s. Choose one of the list."),
        "plan_bad_code": _("“%(task)s” is no code of a task. Use small letters, digits and _."),
        "plan_twice": _("Two tasks are called %(task)s. Give each its own code."),
        "plan_bad_minutes": _("A task takes from one minute to 30 days."),
        "plan_cycle": _("“%(title)s” waits for itself, by way of others. Change what it comes after."),
        "plan_words_missing": _("A name, a title or a sentence is missing. Write it in Chinese and in English."),
        "plan_outside_law": _(
            "“%(words)s” is not kept here: no politics, party, religion, belief, petition, assembly or speech."
        ),
        "plan_kind_taken": _("Another plan of the station is in force for this category and grade. Change that one."),
        "item_done": _("This is done already."),
        "item_past": _("This moment is over already. Choose a later one."),
    }
)
