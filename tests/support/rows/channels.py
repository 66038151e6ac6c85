"""Channels and their test, in the permission table."""

#: What is sealed: where a channel leads and its secrets, the number at which a member of staff is texted.
PERSON_COLUMNS = {
    "notify.Endpoint.config_sealed", "notify.PushSubscription.config_sealed", "notify.Preference.mobile_sealed",
    "notify.VapidKey.private_sealed",
}  # fmt: skip
