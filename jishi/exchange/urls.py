"""The addresses of this room's screens, of the public alerts, of OGC API - Features and of Open311."""

from django.urls import include, path, re_path

from jishi.exchange.views import alerts, cap, export, imports, ogc, reconcile

app_name = "exchange"
urlpatterns = [
    path("import/", imports.imports, name="imports"),
    path("import/<int:pk>/", imports.run, name="run"),
    path("import/<int:pk>/start/", imports.start, name="start"),
    path("import/<int:pk>/rejects/", imports.rejects, name="rejects"),
    path("import/<int:pk>/marked/", imports.marked, name="marked"),
    path("register/template/<str:category>.xlsx", imports.template, name="template"),
    path("register/export/", export.export_register, name="export_register"),
    path("register/reconcile/", reconcile.lists, name="reconcile"),
    path("register/reconcile/<int:pk>/", reconcile.one_list, name="reconcile_list"),
    path("register/reconcile/<int:pk>/decide/", reconcile.decide, name="decide_rows"),
    path("register/reconcile/<int:pk>/undo/", reconcile.undo, name="undo_reconciled"),
    path("register/reconcile/<int:pk>/put-away/", reconcile.put_away, name="put_away_list"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/draft/", alerts.draft, name="draft_alert"),
    path("alerts/<int:pk>/", alerts.alert, name="alert"),
    path("alerts/<int:pk>/change/", alerts.change, name="change_alert"),
    path("alerts/<int:pk>/approve/", alerts.approve, name="approve_alert"),
    path("alerts/<int:pk>/update/", alerts.update, name="update_alert"),
    path("alerts/<int:pk>/cancel/", alerts.cancel, name="cancel_alert"),
    path("alerts/<int:pk>/drop/", alerts.drop, name="drop_alert"),
    path("alerts/<int:pk>/document.xml", alerts.document, name="alert_document"),
    path("cap/feed", cap.feed, name="cap_feed"),
    path("cap/<str:identifier>.xml", cap.document, name="cap_document"),
    path("ogc/v1/", ogc.landing, name="ogc"),
    path("ogc/v1/conformance", ogc.conformance, name="ogc_conformance"),
    path("ogc/v1/api", ogc.description, name="ogc_api"),
    path("ogc/v1/collections", ogc.collections, name="ogc_collections"),
    path("ogc/v1/collections/<str:collection>", ogc.collection, name="ogc_collection"),
    path("ogc/v1/collections/<str:collection>/items", ogc.items, name="ogc_items"),
    path("ogc/v1/collections/<str:collection>/items/<str:feature>", ogc.item, name="ogc_item"),
    path("", include("jishi.exchange.open311.urls")),
    re_path("^ogc/v1/", ogc.nothing, name="ogc_nothing"),
]
