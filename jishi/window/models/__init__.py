"""The room's data, one module for each part."""

from jishi.window.models.appointments import Appointment, CounterDay
from jishi.window.models.figures import FiguresRelease
from jishi.window.models.held import Held
from jishi.window.models.labels import Label
from jishi.window.models.letters import Letter
from jishi.window.models.limits import Tally
from jishi.window.models.notices import Notice
from jishi.window.models.receipts import Receipt
from jishi.window.models.services import Service, StationService
from jishi.window.models.survey import SurveyCount

__all__ = [
    "Appointment",
    "CounterDay",
    "FiguresRelease",
    "Held",
    "Label",
    "Letter",
    "Notice",
    "Receipt",
    "Service",
    "StationService",
    "SurveyCount",
    "Tally",
]
