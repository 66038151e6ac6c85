"""What the user reads when something about an endpoint or a device is refused."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register(
    {
        "endpoint_on": _("Switch it off first: what is still waiting to go there would be lost with it."),
        "endpoint_unsigned": _("This kind signs nothing and has no secret of ours."),
        "agency_elsewhere": _("This agency is one of another bureau. Choose one of its own, or another owner."),
        "bad_subscription": _("The browser gave no keys that hold. Switch notices off on this device and on again."),
    }
)
