"""The addresses of this room's screens."""

from django.urls import path

from jishi.matters.views import (
    bulk,
    command,
    desk,
    evidence,
    export,
    listing,
    page,
    paste,
    report,
    reveal,
    triage,
    views_saved,
)

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
    path("report/", report.report, name="report"),
    path("report/similar/", report.nearby, name="similar"),
    path("report/paste/", paste.paste_in, name="paste"),
    path("matters/<str:number>/", page.page, name="page"),
    path("matters/<str:number>/print/", page.print_view, name="print"),
    path("matters/<str:number>/receipt/", report.receipt, name="receipt"),
    path("matters/<str:number>/evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("matters/<str:number>/evidence/<int:pk>/small/", evidence.thumbnail, name="thumbnail"),
    path("matters/<str:number>/reveal/<int:party_id>/<slug:field>/", reveal.reveal, name="reveal"),
    path("matters/<str:number>/<slug:verb>/", command.command, name="command"),
]
