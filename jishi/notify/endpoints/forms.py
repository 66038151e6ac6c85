"""The forms of endpoints: one for each kind; what is secret goes in and never comes out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jishi.notify import kinds
from jishi.notify.channels import smtp
from jishi.notify.channels.guard import check_url
from jishi.notify.channels.parcel import Failed
from jishi.notify.channels.words import says
from jishi.notify.endpoints.pasted import check_relay_host, hint, read_secret, read_token
from jishi.notify.endpoints.queries import Owner
from jishi.notify.models import EndpointKind
from jishi.stations.models import Agency

KEPT = _("●●● is kept. Leave it empty to keep it.")
GRADES = [(4, _("All grades")), (3, _("Yellow and above")), (2, _("Orange and above")), (1, _("Red only"))]
_OFF = {"autocomplete": "off", "spellcheck": "false"}


class EndpointForm(forms.Form):
    """What every kind has: what it is for, and whose it is."""

    kind: EndpointKind
    #: The fields that make the configuration, and those of them that are never shown again.
    config_fields: tuple[str, ...] = ()
    secret_fields: tuple[str, ...] = ()

    label = forms.CharField(label=_("What it is for"), max_length=60, widget=forms.TextInput(attrs=_OFF))
    owner = forms.ChoiceField(label=_("Belongs to"))

    def __init__(
        self,
        *args: Any,
        owners: list[Owner],
        agencies: list[Agency],
        shown: dict[str, str] | None = None,
        changing: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {owner.key: owner for owner in owners}
        self._agencies = agencies
        self.changing = changing
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [(key, self._named(each)) for key, each in self._owners.items()]
        if changing or len(owners) == 1:
            del self.fields["owner"]
        for name in self.secret_fields:
            self.fields[name].help_text = self.fields[name].help_text if not changing else KEPT
            self.fields[name].required = self.fields[name].required and not changing
        for name, value in (shown or {}).items():
            if name in self.fields and name not in self.secret_fields:
                self.fields[name].initial = value
        self.prepare(shown or {})

    def prepare(self, shown: dict[str, str]) -> None:
        """What a kind adds to its fields."""

    @property
    def chosen_owner(self) -> Owner:
        """Whose the endpoint will be."""
        return self._owners[self.cleaned_data.get("owner") or next(iter(self._owners))]

    def config(self) -> dict[str, Any]:
        """The configuration that was given; an empty secret is left out, so that the old one stays."""
        given = {name: self.cleaned_data.get(name) for name in self.config_fields}
        return {name: value for name, value in given.items() if value or name not in self.secret_fields}

    def rest(self) -> dict[str, Any]:
        """What else an endpoint has."""
        return {"label": self.cleaned_data["label"]}

    @staticmethod
    def _named(owner: Owner) -> str:
        if owner.station:
            return owner.station.name
        return str(_("%(bureau)s: all its stations") % {"bureau": owner.bureau.name})


class ToldForm(EndpointForm):
    """An endpoint that is told itself: of what, and from which grade on."""

    kinds = forms.MultipleChoiceField(
        label=_("What is sent there"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: everything."),
    )
    least_grade = forms.TypedChoiceField(label=_("Grades"), choices=GRADES, coerce=int, initial=4)

    def prepare(self, shown: dict[str, str]) -> None:
        """Offer the kinds of notices, by group."""
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        by_group = {group.code: (str(group.label), []) for group in kinds.groups()}  # type: ignore[var-annotated]
        for kind in kinds.all_kinds():
            by_group[kind.group][1].append((kind.code, str(kind.label)))
        field.choices = [group for group in by_group.values() if group[1]]
        if not field.choices:
            del self.fields["kinds"]

    def rest(self) -> dict[str, Any]:
        """Of what it is told."""
        return {
            **super().rest(),
            "kinds": self.cleaned_data.get("kinds", []),
            "least_grade": self.cleaned_data["least_grade"],
        }


class SmtpForm(EndpointForm):
    """A mail server."""

    kind = EndpointKind.SMTP
    config_fields = ("host", "port", "security", "sender", "name", "user", "password")
    secret_fields = ("password",)

    host = forms.CharField(label=_("Server"), max_length=200, help_text=_("Such as smtp.exmail.qq.com."))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=465)
    security = forms.ChoiceField(
        label=_("Security"),
        choices=[
            (smtp.TLS, _("TLS from the start (465)")),
            (smtp.STARTTLS, _("STARTTLS (587)")),
            (smtp.PLAIN, _("None (25), inside one's own network only")),
        ],
        widget=forms.RadioSelect,
        initial=smtp.TLS,
    )
    sender = forms.EmailField(label=_("Sender"), help_text=_("The address that mails come from."))
    name = forms.CharField(label=_("Name of the sender"), max_length=60, initial=_("Jishi"), required=False)
    user = forms.CharField(label=_("Account"), max_length=200, required=False, widget=forms.TextInput(attrs=_OFF))
    password = forms.CharField(
        label=_("Password or authorization code"),
        max_length=400,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_host(self) -> str:
        """A name or an address, nothing more."""
        host = str(self.cleaned_data["host"]).strip()
        if any(sign in host for sign in "/@ ") or "://" in host:
            raise ValidationError(_("Only the name of the server, such as smtp.exmail.qq.com."))
        return host


class UrlForm(EndpointForm):
    """Something that is reached by its address; what it signs with is made here."""

    config_fields = ("url",)
    secret_fields = ("url",)

    url = forms.CharField(label=_("Address"), max_length=1000, widget=forms.URLInput(attrs=_OFF))

    def prepare(self, shown: dict[str, str]) -> None:
        """Say where it leads now: the host alone, since an address may hold a key."""
        super().prepare(shown)
        host = urlsplit(shown.get("url", "")).hostname
        if host:
            self.fields["url"].help_text = _("Now at %(host)s. Leave it empty to keep it.") % {"host": host}
            self.fields["url"].widget.attrs["placeholder"] = "●●●"

    def clean_url(self) -> str:
        """An address that may be posted to."""
        url = str(self.cleaned_data["url"]).strip()
        if not url:
            return ""
        try:
            check_url(url)
        except Failed as problem:
            raise ValidationError(says(problem.code)) from problem
        check_relay_host(urlsplit(url).hostname or "")
        return url


class WebhookForm(UrlForm, ToldForm):
    """A webhook, of the station or of an outside agency."""

    kind = EndpointKind.WEBHOOK

    agency = forms.TypedChoiceField(
        label=_("For an outside agency"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Then only matters that were referred to it are sent."),
    )
    field_order = ("label", "owner", "url", "agency", "kinds", "least_grade")

    def prepare(self, shown: dict[str, str]) -> None:
        """Offer the agencies of the bureau."""
        super().prepare(shown)
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("no, for ourselves")), *((each.pk, each.name) for each in self._agencies)]
        if not self._agencies:
            del self.fields["agency"]

    def rest(self) -> dict[str, Any]:
        """For whom it is."""
        chosen = self.cleaned_data.get("agency")
        return {**super().rest(), "agency": next((each for each in self._agencies if each.pk == chosen), None)}


class SmsForm(UrlForm):
    """A gateway for text messages."""

    kind = EndpointKind.SMS


class RobotForm(ToldForm):
    """A group robot: its key, or its address pasted whole."""

    config_fields: tuple[str, ...] = ("token",)
    secret_fields: tuple[str, ...] = ("token",)

    token = forms.CharField(label=_("Key"), max_length=600, widget=forms.TextInput(attrs=_OFF))
    field_order = ("label", "owner", "token", "secret", "kinds", "least_grade")

    def prepare(self, shown: dict[str, str]) -> None:
        """Say where the key is found."""
        super().prepare(shown)
        self.fields["token"].help_text = KEPT if self.changing else hint(self.kind)
        if self.changing:
            self.fields["token"].widget.attrs["placeholder"] = "●●●"

    def clean_token(self) -> str:
        """The key, read out of whatever was pasted; another service is refused by name."""
        text = str(self.cleaned_data["token"])
        if not text:
            return ""
        token, secret = read_token(self.kind, text)
        self.pasted_secret = secret
        return token


class WecomForm(RobotForm):
    """A robot of a WeCom group."""

    kind = EndpointKind.WECOM


class FeishuForm(RobotForm):
    """A robot of a Feishu group."""

    kind = EndpointKind.FEISHU


class DingtalkForm(RobotForm):
    """A robot of a DingTalk group, which signs."""

    kind = EndpointKind.DINGTALK
    config_fields = ("token", "secret")
    secret_fields = ("token", "secret")

    secret = forms.CharField(
        label=_("Signing secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Begins with SEC. Choose “Sign” when the robot is added."),
    )

    def clean_secret(self) -> str:
        """The secret, or the one in the pasted address."""
        return read_secret(str(self.cleaned_data["secret"])) or getattr(self, "pasted_secret", "")


class ToForm(forms.Form):
    """To whom a test goes by a mail server or a gateway."""

    to = forms.CharField(label=_("Send the test to"), max_length=200, widget=forms.TextInput(attrs=_OFF))


FORMS: dict[str, type[EndpointForm]] = {
    form.kind.value: form for form in (SmtpForm, WecomForm, DingtalkForm, FeishuForm, WebhookForm, SmsForm)
}
