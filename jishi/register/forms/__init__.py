"""The forms of the register."""

from jishi.register.forms.commands import FORMS, CommandForm
from jishi.register.forms.element import ChangeForm, CreateForm, ElementForm, VerifyForm
from jishi.register.forms.reveal import RevealForm

__all__ = ["FORMS", "ChangeForm", "CommandForm", "CreateForm", "ElementForm", "RevealForm", "VerifyForm"]
