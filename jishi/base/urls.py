"""Addresses that belong to no room."""

from django.urls import path

from jishi.base import health, metrics, style, views

app_name = "base"
urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("theme/", views.theme, name="theme"),
    path("style/", style.guide, name="style"),
    path("style/dialog/", style.dialog, name="style_dialog"),
]
