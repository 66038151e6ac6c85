"""Every write of this room, one verb each."""

from jishi.stations.actions.agency_keys import AGENCY_KEY_PREFIX, make_agency_key, revoke_agency_key
from jishi.stations.actions.areas import AreasReport, import_areas
from jishi.stations.actions.calendar import check_calendar, ensure_calendar, publish_calendar
from jishi.stations.actions.places import (
    FIRST_BUREAU,
    add_standing_units,
    create_bureau,
    create_station,
    ensure_bureau,
    remove_area,
    rename,
    save_agency,
    save_area,
    save_unit,
)
from jishi.stations.actions.roster import (
    MOST_WEEKS,
    Repeated,
    add_shift,
    change_shift,
    drop_shift,
    drop_shifts,
    repeat_week,
)
from jishi.stations.actions.staff import (
    choose_language,
    create_administrator,
    create_staff,
    give_post,
    save_account,
    take_post,
)
from jishi.stations.actions.tokens import KEY_PREFIX, LONGEST_TOKEN_DAYS, make_token, revoke_token

__all__ = [
    "AGENCY_KEY_PREFIX",
    "FIRST_BUREAU",
    "KEY_PREFIX",
    "LONGEST_TOKEN_DAYS",
    "MOST_WEEKS",
    "AreasReport",
    "Repeated",
    "add_shift",
    "add_standing_units",
    "change_shift",
    "check_calendar",
    "choose_language",
    "create_administrator",
    "create_bureau",
    "create_staff",
    "create_station",
    "drop_shift",
    "drop_shifts",
    "ensure_bureau",
    "ensure_calendar",
    "give_post",
    "import_areas",
    "make_agency_key",
    "make_token",
    "publish_calendar",
    "remove_area",
    "rename",
    "repeat_week",
    "revoke_agency_key",
    "revoke_token",
    "save_account",
    "save_agency",
    "save_area",
    "save_unit",
    "take_post",
]
