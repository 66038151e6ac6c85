"""The sentences of the command line's refusals, and of what `jishi verify` finds."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register(
    {
        "not_migrated": _("The database is not made yet, or not up to date. Run: jishi migrate"),
        "no_database": _("The database does not answer: %(detail)s. See JISHI_DATABASE_URL, then run: jishi doctor"),
        "cannot_listen": _("Cannot listen on %(address)s: %(detail)s. End what listens there, or give another --port."),
        "bad_head_file": _("This file is not what `jishi head` wrote. Give the file that you kept."),
        "station_unknown": _(
            "There is no station with this code. Import its areas first, or make it in the administration."
        ),
        "bureau_unknown": _("There is no bureau with this code."),
    }
)

FOUND = {
    "verify_event_missing": _("an event is missing here"),
    "verify_event_changed": _("this event (%(kind)s) is not as it was written"),
    "verify_chain_broken": _("this event does not follow the one before it"),
    "verify_tail_cut": _("the chain ends too early: events were cut off from here on"),
    "verify_head_differs": _("this event is not the one whose hash was kept"),
    "verify_station_missing": _("the kept heads name this station, and it is gone"),
    "verify_matter_missing": _("there are events of a matter whose row is gone, the first at %(event)s"),
    "verify_matter_without_events": _("this matter has no events"),
    "verify_versions_broken": _("an event of this matter is missing or stands twice"),
    "verify_row_differs": _("%(field)s is %(row)s, and the journal says %(journal)s"),
    "verify_clock_differs": _("the clock %(clock)s is not as the journal says"),
    "verify_due_differs": _("the deadline of the clock %(clock)s does not follow from its calendar"),
    "verify_deadline_differs": _("the next deadline is %(row)s, and its clock says %(clock)s"),
    "verify_owner_differs": _("the responsible unit is not the one that the loop gives"),
    "verify_assignment_differs": _("the assignments are not as the journal says"),
    "verify_suspension_differs": _("the suspensions are not as the journal says"),
    "verify_extension_differs": _("the extensions are not as the journal says"),
    "verify_rating_differs": _("the reporter's ratings are not as the journal says"),
    "verify_parties_differ": _("there are more or fewer parties than the journal says"),
    "verify_evidence_differs": _("the evidence is not as the journal says"),
    "verify_file_missing": _("a file is gone without a purge: %(file)s"),
    "verify_file_changed": _("a file is not as it was kept: %(file)s"),
    "verify_place_differs": _("the place, the point or the original unit is not as it was written"),
    "verify_link_differs": _("a link to another matter stands here that no event made"),
    "verify_element_missing": _("there are events of an element whose row is gone, the first at %(event)s"),
    "verify_history_broken": _("a step of its history is missing or stands twice; it is at version %(version)s"),
    "verify_element_differs": _("%(field)s is %(row)s, and the history says %(journal)s"),
    "verify_verified_differs": _("it was verified at %(row)s, and the history says %(journal)s"),
    "verify_point_differs": _("its place on the map does not follow from its coordinates"),
    "verify_change_edited": _("version %(version)s of its history is not as it was written"),
    "verify_change_unsealed": _("version %(version)s of its history stands in no event"),
    "verify_batch_unsealed": _("elements of this import stand in no event"),
    "verify_batch_differs": _("the history of this import is not as it was written"),
    "verify_batch_missing": _("the history of this import is gone; its event is %(event)s"),
    "verify_sum_differs": _("the sums of this square are not those of its elements"),
    "verify_text_missing": _("words are gone without a purge: %(text)s"),
    "verify_text_unknown": _("words stand here that no event tells of: %(text)s"),
    "verify_text_changed": _("words are not as they were written: %(text)s"),
}
"""What `jishi verify` finds, by its code."""

register(FOUND)
