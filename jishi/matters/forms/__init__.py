"""The forms of the screens: one for each command, and the report."""

from jishi.matters.forms.commands import FORMS as COMMAND_FORMS
from jishi.matters.forms.commands import CommandForm
from jishi.matters.forms.options import Options
from jishi.matters.forms.plans import PLAN_FORMS
from jishi.matters.forms.report import PasteForm, ReportForm
from jishi.matters.forms.requests import REQUEST_FORMS

FORMS = {**COMMAND_FORMS, **{form.verb: form for form in (*PLAN_FORMS, *REQUEST_FORMS)}}

__all__ = ["FORMS", "CommandForm", "Options", "PasteForm", "ReportForm"]
