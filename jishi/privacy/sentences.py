"""What the user reads when privacy refuses something."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "personal": _(
        "This holds what identifies a person (%(what)s). Take it out here; a name or a number to call belongs in the "
        "fields of the party."
    ),
    "reveal_reason": _("Choose from the list why you need to see this."),
    "unknown_consent": _("This text of consent is not in use. Open the page again and read it once more."),
}
