"""The sentences of this room's refusals."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register({"reason_missing": _("Give a reason: whoever looks later must understand why nobody was told.")})
