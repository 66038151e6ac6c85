"""The way in, a station's home, how a page is shown, and the desk's side."""

from django.urls import path

from jishi.window.views import home

URLS = [
    path("window/", home.stations, name="stations"),
    path("window/settings/", home.settings, name="settings"),
    path("window/ground/<str:name>", home.ground, name="ground"),
    path("window/<str:code>/", home.home, name="home"),
    path("desk/window/", home.desk, name="desk"),
]
