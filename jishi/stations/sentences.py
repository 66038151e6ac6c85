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
    "areas_unreadable": _("The file is not the GeoJSON of a FeatureCollection (%(detail)s). Export it again."),
    "areas_too_large": _("The file is larger than %(most)s MB. Split it or simplify the outlines."),
    "areas_empty": _("The file has no features. Export it as a GeoJSON FeatureCollection."),
    "areas_crs": _("The file is in the coordinates “%(crs)s”. Export it in WGS-84 (longitude and latitude)."),
}
