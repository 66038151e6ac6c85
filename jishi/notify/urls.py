"""The addresses of this room."""

from django.urls import path

from jishi.notify.endpoints.urls import urlpatterns as of_endpoints
from jishi.notify.views import failed, inbox, settings

app_name = "notify"
urlpatterns = [
    path("notices/", inbox.inbox, name="inbox"),
    path("notices/unread/", inbox.unread, name="unread"),
    path("notices/read/", inbox.read_all, name="read_all"),
    path("notices/<int:pk>/read/", inbox.read, name="read"),
    path("notices/settings/", settings.settings, name="settings"),
    path("notices/settings/sms/", settings.sms, name="sms"),
    path("notices/failed/", failed.failed, name="failed"),
    path("notices/failed/retry/", failed.retry, name="retry"),
    path("notices/failed/give-up/", failed.give_up, name="give_up"),
    *of_endpoints,
]
