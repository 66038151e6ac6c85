"""The addresses of this room."""

from django.urls import path

from jishi.stations import views

app_name = "stations"
urlpatterns = [
    path("station/", views.switch, name="switch"),
    path("account/", views.account, name="account"),
    path("account/language/", views.language, name="language"),
    path("account/tokens/", views.make_token, name="make_token"),
    path("account/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
]
