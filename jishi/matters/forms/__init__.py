"""The forms of the screens: one for each command, and the report."""

from jishi.matters.forms.commands import FORMS, CommandForm
from jishi.matters.forms.options import Options
from jishi.matters.forms.report import PasteForm, ReportForm

__all__ = ["FORMS", "CommandForm", "Options", "PasteForm", "ReportForm"]
