"""What the user reads when something of Open311 is refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jishi.base import sentences

SENTENCES = {
    "key_posts": _("A key takes %(most)s posts a minute at most. Choose fewer."),
    "service_questions": _(
        "The questions cannot be read at “%(where)s”. Each needs code, datatype, zh and en; the lists need values with"
        " key, zh and en."
    ),
    "service_question_person": _("“%(where)s” asks about a person. A service asks about what is wrong, and where."),
    "counterpart_url": _("This address cannot be used. It begins with https and leads outside the house."),
    "counterpart_services": _("Name at least one service of theirs, or “* = code” for all categories."),
    "errand_over": _("The matter no longer stands with this agency. Refer it anew if it should."),
}
sentences.register(SENTENCES)
