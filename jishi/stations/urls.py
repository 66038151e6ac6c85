"""The addresses of this room."""

from django.urls import path

from jishi.stations.views import account, roster

app_name = "stations"
urlpatterns = [
    path("station/", account.switch, name="switch"),
    path("account/", account.account, name="account"),
    path("account/language/", account.language, name="language"),
    path("account/tokens/", account.make_token, name="make_token"),
    path("account/tokens/<int:pk>/revoke/", account.revoke_token, name="revoke_token"),
    path("roster/", roster.roster, name="roster"),
    path("roster/print/", roster.print_roster, name="print_roster"),
    path("roster/repeat/", roster.repeat_week, name="repeat_week"),
    path("roster/drop/", roster.drop_shifts, name="drop_shifts"),
    path("roster/shifts/", roster.add_shift, name="add_shift"),
    path("roster/shifts/<int:pk>/", roster.change_shift, name="change_shift"),
    path("roster/shifts/<int:pk>/drop/", roster.drop_shift, name="drop_shift"),
]
