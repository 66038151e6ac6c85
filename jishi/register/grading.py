"""Why a place is graded red, orange, yellow or blue: reasons about the place, never about who is in it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, str | Promise] = {
    "hazardous_goods": _("Hazardous goods are kept there"),
    "crowds": _("Many people at once"),
    "cannot_leave": _("Many who cannot leave without help"),
    "three_in_one": _("People sleep where goods are made or kept"),
    "exits_blocked": _("Ways out were found blocked"),
    "old_wiring": _("Old wiring or pipes"),
    "charging_inside": _("Batteries are charged inside"),
    "matters_repeated": _("Matters keep coming back"),
    "findings_open": _("Findings are still open"),
    "structure": _("Damage to the structure"),
    "water": _("Deep or fast water"),
    "event": _("A large event is planned"),
}
