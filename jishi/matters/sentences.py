"""What the reader is told when the loop refuses, by the code of :class:`~jishi.base.errors.Refused`."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register(
    {
        "wrong_state": _("The matter has moved on, and this can no longer be done. Look at where it stands now."),
        "wrong_unit": _("Another unit is responsible now. Ask that unit, or ask the desk to recall the matter."),
        "same_person": _("You handled this yourself. Somebody else must check it."),
        "missing": _("Something is not filled in yet. Fill in the marked field."),
        "not_merged": _("This matter was not merged, so there is nothing to take apart."),
        "unmerge_instead": _("This is a duplicate. Take it apart from the other matter instead of reopening it."),
        "not_mended": _("The reporter says that it is not mended. Reopen the matter instead of closing it."),
        "bad_outcome": _("Choose one of the outcomes that are offered."),
        "merge_itself": _("A matter cannot be a duplicate of itself. Give the number of the other one."),
        "merge_elsewhere": _("Both matters must belong to the same station. Transfer one of them first."),
        "merge_closed": _("The other matter is closed. Reopen it first, or choose one that is open."),
        "root_unknown": _("There is no matter with this number. Look at the number again."),
        "transfer_here": _("The matter is at this station already. Choose another one."),
        "station_unknown": _("This station cannot take it. Choose a station of your own bureau."),
        "located_there": _("The matter stands there already. Choose another element of the register."),
        "element_unknown": _("The register of this station has no element with this number. Look at the number again."),
        "until_past": _("This moment is over already. Choose a later one."),
        "until_far": _("In this round %(days)s days of suspension are left. Choose an earlier day."),
        "until_not_reached": _("The suspension has not run out yet. A leader can end it now."),
        "extend_far": _("One extension may add at most 30 days. Choose a shorter time."),
        "extend_most": _("This round has less time left to grant than that. Choose a shorter time."),
        "suspend_times": _(
            "It was suspended %(times)s times in this round, which is the most. Extend the time instead."
        ),
        "asked_already": _("A request is waiting for a leader already. Wait for the decision, or ask the leader."),
        "nothing_asked": _("Nothing is asked for any more. Look at where the matter stands now."),
        "bad_request": _("Ask for more time or for a pause."),
        "photo_needed": _("A matter of this category needs a photo of the result. Add one."),
        "bad_result": _("Say whether it passes or goes back."),
        "bad_stars": _("Stars go from 1 to 5."),
        "rated_already": _("This round was rated already. If it is not mended, say so with your receipt."),
        "answered_elsewhere": _("This report was joined with another one, which is answered for both."),
        "appealed_already": _("The chief of the station has your words already and decides."),
        "urgent_already": _("The desk confirmed the urgent need already. Look at the new deadline."),
        "not_urgent": _("The matter is not marked as an urgent need. Look at where it stands now."),
        "too_long": _("This text is too long; it may have %(most)s characters. Shorten it."),
        "unknown_category": _("This category is not in use. Choose another one."),
        "unit_elsewhere": _("This unit does not work at this station any more. Choose another one."),
        "area_elsewhere": _("This area does not belong to this station. Choose another one."),
        "person_elsewhere": _("This person does not work in that unit. Choose somebody of the unit, or nobody."),
        "agency_unknown": _("This agency is not in the bureau's list. Choose another one."),
        "bad_point": _("This point is not on the earth. Look at longitude and latitude again."),
        "future": _("This moment has not come yet. Give the time when it happened."),
        "not_found": _("There is no such matter here, or you may not see it."),
        "no_desk": _("This station has no desk yet. Ask the administrator to add one."),
        "no_policy": _("There are no time limits yet. Ask the administrator to load the catalogue."),
        "no_term": _("There is no time limit for this category and grade. Ask the administrator to add one."),
        "bad_term": _("“%(term)s” is no time limit. Write it as 30m clock, 4h work or 3d work."),
        "bad_limits": _("Time limits are tables of categories, grades and steps. Start from the newest version."),
        "bad_ladder": _(
            "“%(step)s” is no step of a ladder. Write steps such as 80 handler lead, rising, with one at 100."
        ),
        "bad_limit": _(
            "“%(name)s” is no limit. Write extend_most in percent, suspend_times and dispute_days as numbers."
        ),
        "category_outside_law": _(
            "“%(name)s” is not kept here: no politics, party, religion, belief, petition, assembly or speech."
        ),
        "category_cycle": _("“%(name)s” cannot stand below itself. Choose another parent."),
        "bad_grade": _("A grade is 1 red, 2 orange, 3 yellow or 4 blue."),
        "bad_words": _("The words that point to a category are a list, such as %(example)s."),
        "no_station": _("You have no post at any station yet. Ask the administrator for one."),
        "view_without_name": _("Give the view a name first."),
        "unknown_command": _("There is no such command."),
        "unknown_field": _("This command has no field %(field)s."),
        "agency_other": _("This matter is no longer with your agency. Ask the station if you think that it should be."),
        "no_agency": _("The matter stands with no agency now. Refer it to one first."),
        "link_days": _("A link is good for 1 to %(most)s days. Choose fewer."),
        "agency_answered": _(
            "Your agency has answered this already. Open the page again and look at what stands there."
        ),
    }
)
