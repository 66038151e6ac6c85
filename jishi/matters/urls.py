"""The addresses of this room's screens."""

from django.urls import path

from jishi.matters.handover import views as handover
from jishi.matters.views import (
    agency,
    agency_links,
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
    path("handover/", handover.handover, name="handover"),
    path("handover/<int:pk>/", handover.handover_page, name="handover_page"),
    path("handover/<int:pk>/print/", handover.handover_print, name="handover_print"),
    path("handover/<int:pk>/take-over/", handover.take_over, name="take_over"),
    path("handover/<int:pk>/take-back/", handover.take_back, name="take_back"),
    path("report/", report.report, name="report"),
    path("report/similar/", report.nearby, name="similar"),
    path("report/paste/", paste.paste_in, name="paste"),
    path("matters/<str:number>/", page.page, name="page"),
    path("matters/<str:number>/print/", page.print_view, name="print"),
    path("matters/<str:number>/receipt/", report.receipt, name="receipt"),
    path("matters/<str:number>/evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("matters/<str:number>/evidence/<int:pk>/small/", evidence.thumbnail, name="thumbnail"),
    path("matters/<str:number>/reveal/<int:party_id>/<slug:field>/", reveal.reveal, name="reveal"),
    path("matters/<str:number>/agency-links/", agency_links.make, name="make_agency_link"),
    path("matters/<str:number>/agency-links/<int:pk>/revoke/", agency_links.revoke, name="revoke_agency_link"),
    path("matters/<str:number>/agency-slip/", agency_links.slip, name="agency_slip"),
    path("agency/<str:token>/", agency.page, name="agency"),
    path("agency/<str:token>/language/", agency.language, name="agency_language"),
    path("agency/<str:token>/accept/", agency.answer, {"verb": "accept"}, name="agency_accept"),
    path("agency/<str:token>/return/", agency.answer, {"verb": "return"}, name="agency_return"),
    path("agency/<str:token>/report/", agency.answer, {"verb": "report"}, name="agency_report"),
    path("matters/<str:number>/<slug:verb>/", command.command, name="command"),
]
