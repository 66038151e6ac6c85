"""What stands at no address of the public's side; the last of all, since it takes what is left."""

from django.urls import path

from jishi.window.views import home

URLS = [path("window/<path:rest>/", home.absent, name="absent")]
