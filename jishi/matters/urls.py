"""The addresses of this room's screens."""

from django.urls import path

from jishi.matters.views import bulk, desk, export, listing, triage, views_saved

app_name = "matters"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("matters/", listing.listing, name="list"),
    path("matters/export/", export.export, name="export"),
    path("matters/bulk/", bulk.bulk, name="bulk"),
    path("matters/columns/", listing.columns, name="columns"),
    path("matters/views/", views_saved.save, name="save_view"),
    path("matters/views/<int:pk>/drop/", views_saved.drop, name="drop_view"),
    path("backlog/", triage.triage, name="triage"),
]
