"""Due times over a working calendar: make-up workdays, lunch breaks, daylight saving.  Pure; dates are passed in."""

from jishi.worktime.arithmetic import Mode, add, between, is_known, unknown_years
from jishi.worktime.calendar import Calendar

__all__ = ["Calendar", "Mode", "add", "between", "is_known", "unknown_years"]
