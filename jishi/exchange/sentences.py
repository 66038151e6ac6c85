"""What the user reads when a file or a map cannot be used at all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "no_file": _("There is no file %(file)s. Check its path."),
    "empty_file": _("The file is empty. Export it again from where it came."),
    "unknown_format": _("This is none of %(formats)s, plain or gzipped. Save the table as one of them."),
    "not_a_workbook": _("The workbook cannot be opened. Save it again as XLSX, without a password."),
    "no_such_sheet": _("There is no sheet “%(sheet)s”. The sheets are: %(sheets)s. Name one of them in the map."),
    "not_geojson": _("The file is not the GeoJSON of a FeatureCollection (%(detail)s). Export it again."),
    "no_features": _("The file has no features. Export it as a GeoJSON FeatureCollection."),
    "not_a_table": _("The header cannot be read as a row of a table (%(detail)s). Check the file."),
    "no_header": _("The file has no header row. Name the columns in its first row, or give header_row in the map."),
    "too_many_columns": _("The header has more than %(most)s columns. Check the delimiter in the map."),
    "unknown_encoding": _("The text cannot be read as %(tried)s. Save it as UTF-8, or give the encoding in the map."),
    "broken_gzip": _("The gzipped file is damaged or cut off. Compress or download it again."),
    "too_large": _("The file is larger than %(most)s MB. Split it."),
    "cannot_write": _("%(file)s cannot be written (%(detail)s). Choose another place for the rejected rows."),
    "no_map": _("The map file %(file)s cannot be read. Check its path."),
    "map_unreadable": _("The map is not a TOML file: %(detail)s"),
    "map_unknown_key": _("The map has “%(key)s”, which means nothing there. It may have: %(allowed)s."),
    "map_missing_key": _("The map must say “%(key)s”."),
    "map_wrong_type": _("In the map, “%(key)s” must be written as %(wanted)s."),
    "map_bad_value": _("In the map, “%(key)s” cannot be “%(value)s”. It may be: %(allowed)s."),
    "map_one_of": _("In the map, “%(key)s” needs exactly one of %(allowed)s; it has: %(given)s."),
    "map_unknown_code": _(
        "In the map, “%(key)s” leads to “%(value)s”, which this station does not have. It has: %(allowed)s."
    ),
    "missing_columns": _("The map names columns that the file does not have: %(columns)s. The file has: %(header)s."),
    "ambiguous_column": _("The file has more than one column “%(column)s”. Rename one of them."),
    "personal_column": _("“%(field)s” cannot come from the column “%(column)s”, which looks personal or is dropped."),
    "not_a_template": _(
        "This is no template of Jishi, or its hidden first row is gone. Choose a map file, or fill in a new template."
    ),
    "unknown_crs": _(
        "The file's coordinates are in “%(crs)s”, which is not known here. Export it in WGS-84 (EPSG:4326) or"
        " CGCS2000 (EPSG:4490)."
    ),
    "not_degrees": _(
        "Most points, such as %(example)s, are no degrees but metres or feet. Export the file in WGS-84 (EPSG:4326)."
    ),
    "run_not_ready": _("This file has not been read through, or was imported already. Open the page again."),
    "row_decided": _("Somebody decided on this row in the meantime. Open the list again."),
    "unknown_decision": _("This cannot be decided on such a row. Open the list again."),
    "bad_aside": _("Say why it is set aside: choose a reason from the list."),
    "not_undone": _("This cannot be taken back here. Correct the element on its page instead."),
    "run_expired": _("The file was taken away after a day. Choose it again."),
    "alert_own_draft": _(
        "You wrote this alert yourself. An alert to the public needs two people: another chief has to approve it."
    ),
    "alert_not_draft": _("This alert was given out or dropped already. Open its page and look at how it stands."),
    "alert_over": _(
        "The alert has ended, or another message has followed it. Open its page and look at how it stands."
    ),
    "alert_follower_waits": _(
        "An update or a cancellation of this alert waits for approval already. Approve, change or drop that one."
    ),
    "alert_past": _("It would have ended already. Choose a later moment at which it ends."),
    "alert_before_onset": _("It would end before it begins. Choose a later moment at which it ends."),
    "alert_too_long": _(
        "An alert stands for %(days)s days at most, so that none is forgotten. Choose an earlier moment; an update"
        " makes it last."
    ),
    "alert_of_drill": _("The matter is a drill. Choose “a drill”: the alert is then approved and stays inside."),
    "alert_circle": _("Give the middle of the circle in degrees, and a radius from %(least)s to %(most)s metres."),
    "alert_code": _("The protocol does not know “%(value)s”. Choose from the list."),
    "verify_alert_changed": _("The document of this alert is not the one that the journal says was given out."),
    "verify_alert_missing": _("The journal says that this alert was given out, and it is not there."),
    "verify_alert_unjournalled": _("This alert was given out, and the journal does not say so."),
}
