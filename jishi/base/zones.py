"""Time zones by name."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def validate_zone(value: str) -> None:
    """Raise ``ValidationError`` unless ``value`` is the name of a time zone (IANA), such as ``Asia/Shanghai``."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(_("This is not a time zone. Give a name such as Asia/Shanghai.")) from error
