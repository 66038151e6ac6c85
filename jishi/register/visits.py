"""What a visit to a building counts: hazards seen and needs heard, by code; never at which door."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HAZARDS: Mapping[str, str | Promise] = {
    "corridor_blocked": _("Things in the corridor"),
    "charging_inside": _("E-bikes charged inside"),
    "wiring": _("Unsafe wiring"),
    "gas": _("Gas leaks or old hoses"),
    "extinguisher": _("Extinguishers missing or expired"),
    "fire_door": _("Fire doors kept open or locked"),
    "lighting": _("No emergency lighting"),
    "structure": _("Damage to the building"),
}
NEEDS: Mapping[str, str | Promise] = {
    "detector": _("Asked for a smoke detector"),
    "advice": _("Asked for advice on fire safety"),
    "repair": _("Asked for a repair by the property manager"),
    "mediation": _("Asked for mediation"),
    "certificate": _("Asked about a service of the window"),
}
