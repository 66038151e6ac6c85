"""Printed labels."""

from django.urls import path

from jishi.window.views import labels

URLS = [
    path("desk/window/labels/", labels.labels, name="labels"),
    path("desk/window/labels/sheet/", labels.sheet, name="label_sheet"),
    path("desk/window/labels/<str:number>/replace/", labels.replace, name="replace_label"),
]
