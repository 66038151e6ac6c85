"""What is kept of what somebody sends."""

from django.urls import path

from jishi.window.views import privacy

URLS = [path("window/privacy/", privacy.privacy, name="privacy")]
