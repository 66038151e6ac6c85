"""What the user reads when something of this room is refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "which_bureau": _("There are several bureaux. Say the code of one of them with --bureau."),
    "account_refused": _("The account was not made: %(reason)s"),
    "bad_station_code": _("“%(station)s” cannot be the code of a station: %(reason)s"),
    "station_of_other_bureau": _(
        "Station %(station)s belongs to the bureau %(bureau)s. Leave the bureau out, or choose another station code."
    ),
    "unknown_language": _("This language is not spoken here. Choose Chinese or English."),
    "label_missing": _("Say what the token is for."),
    "unknown_scope": _("Choose what the token may be used for: reading, giving commands, or both."),
    "token_too_long": _("A token is good for %(days)s days at most. Choose fewer."),
    "shift_backwards": _("The shift ends before it begins. Look at its hours again."),
    "shift_too_long": _("A shift lasts %(hours)s hours at most. Make two of it."),
    "unit_of_other_station": _("This unit does not work at this station. Choose another one, or the whole station."),
    "no_post_here": _("%(name)s has no post at %(place)s. Choose somebody else, or ask the administrator."),
    "no_post_in_unit": _(
        "%(name)s has no post in %(unit)s and is not told of its work. Choose the whole station, or somebody else."
    ),
    "shifts_cross": _("%(name)s is on duty then already, from %(since)s until %(until)s. Choose other hours."),
    "too_many_weeks": _("A week can be copied to the next %(most)s weeks at most. Choose fewer."),
    "empty_week": _("No shift begins in this week, so there is nothing to copy. Choose a week that is planned."),
    "areas_unreadable": _("The file is not the GeoJSON of a FeatureCollection (%(detail)s). Export it again."),
    "areas_too_large": _("The file is larger than %(most)s MB. Split it or simplify the outlines."),
    "areas_empty": _("The file has no features. Export it as a GeoJSON FeatureCollection."),
    "areas_crs": _("The file is in the coordinates “%(crs)s”. Export it in WGS-84 (longitude and latitude)."),
}
