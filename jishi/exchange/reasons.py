"""The stable codes of the report in words: why a row was rejected, why a column was dropped, how a row was marked."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, str | Promise] = {
    "too_few_cells": _("The row has fewer cells than the header."),
    "too_many_cells": _("The row has more cells than the header."),
    "empty_row": _("The row has only empty cells."),
    "broken_quotes": _("A quotation mark is not closed, so the row cannot be read."),
    "long_cell": _("A cell is longer than 131,072 characters, so the row cannot be read."),
    "not_a_feature": _("This is not a GeoJSON feature."),
    "nul_byte": _("The cell holds a NUL byte, which no text has. Save the file again."),
    "outside_law": _("Politics, party, religion, belief, petition, assembly and speech are not kept in Jishi."),
    "missing_external_id": _("The row has no number of its own. Map one, or let the map make it from the content."),
    "long_external_id": _("The number is longer than 80 characters."),
    "personal_external_id": _("The number identifies a person (ID card, phone or plate) and must not be a key."),
    "missing_reported_at": _("The row does not say when it was reported."),
    "bad_date": _("The date cannot be read. Add its format to the map."),
    "unknown_category": _("The category has no translation and the map has no default."),
    "unknown_status": _("The status has no translation and the map has no default."),
    "unknown_grade": _("The grade has no translation, and the map asks to reject it."),
    "unknown_outcome": _("The outcome has no translation, and the map asks to reject it."),
    "unknown_unit": _("The unit has no translation, and the map asks to reject it."),
    "unknown_area": _("The area has no translation, and the map asks to reject it."),
    "missing_newest_by": _("The row does not say when it was so, and the map orders the rows of one key by that."),
    "in_future": _("The date lies in the future."),
    "key_twice": _("Another row of the file has the same number and says something else. Let the map say newest_by."),
    "missing_name": _("The row has no name."),
    "bad_attribute": _("The value does not fit: look at the choices, or the least and the most."),
    "no_such_attribute": _("The category has no such attribute."),
    "personal_attribute": _("The value identifies a person. The register holds no people."),
    "unknown_reason": _("The reason of the grade is not on the list."),
    "grade_without_reason": _("Red and orange need a reason."),
    "masked": _("This identifies a person or a flat. Leave it out."),
    "masked_name": _("This looks like a person's name. Give the place's own name, or its kind and address."),
    "shortened": _("This is too long."),
    "bad_point": _("These are no coordinates in degrees."),
    "placeholder_point": _("These coordinates only mean “unknown”. Leave them out."),
    "swapped_point": _("Longitude and latitude seem to be swapped."),
    "far_point": _("The point lies far from the station."),
    "conflict": _("A matter with this number is already there with other content."),
}

DROPPED: Mapping[str, str | Promise] = {
    "personal_name": _("looks like a person's name"),
    "personal_phone": _("looks like a phone number or account"),
    "personal_id_number": _("looks like the number of an ID document"),
    "personal_email": _("looks like an e-mail address"),
    "personal_plate": _("looks like a number plate"),
    "personal_home": _("looks like a person's home"),
    "personal_trait": _("is about what a person is, which Jishi does not keep"),
    "personal_bank_card": _("looks like a bank account"),
    "listed": _("the map says so"),
    "free_text": _("free text, and the map does not say keep_text"),
    "not_mapped": _("the map does not use it"),
}

FLAG_WORDS: Mapping[str, str | Promise] = {
    "closed_before_opened": _("closed before it was opened"),
    "closed_same_second": _("closed in the second it was opened"),
    "no_closing_time": _("closed, but no closing time"),
    "no_point": _("no point on the map"),
    "clock_gap": _("time in the hour that a clock change skips, moved forward"),
    "ambiguous_hour": _("time in the hour that a clock change repeats, the first one taken"),
    "future": _("time in the future"),
    "date_only": _("date without a time"),
    "unknown_unit": _("unit not known, given to the desk"),
    "masked": _("something that identifies a person or a flat was masked"),
    "bad_point": _("coordinates that are none"),
    "placeholder_point": _("placeholder coordinates, refused"),
    "swapped_point": _("longitude and latitude seem to be swapped, point refused"),
    "far_point": _("point far from the station, refused"),
    "no_area": _("in no area of the station"),
    "default_category": _("category not known, the map's default taken"),
    "default_status": _("status not known, the map's default taken or read from the closing time"),
    "unknown_grade": _("grade not known, left open"),
    "unknown_outcome": _("outcome not known, left empty"),
    "closing_time_ignored": _("open, so its closing time was left out"),
    "shortened": _("words shortened to fit"),
    "unnamed": _("no name, called by its kind and address"),
    "masked_name": _("name that looks like a person's, left out"),
    "unknown_area": _("area not known, left to the point"),
    "unknown_reason": _("reason of the grade not known, left out"),
    "grade_without_reason": _("red or orange without a reason, left ungraded"),
    "bad_attribute": _("value of an attribute that does not fit, left out"),
    "no_such_attribute": _("value of an attribute that the category does not have, left out"),
    "personal_attribute": _("value that identifies a person, left out"),
    "merged_away": _("element merged into another here, left alone"),
}


def reason_sentence(code: str) -> str:
    """Why a row was rejected, in the active language."""
    return str(REASONS.get(code, code))
