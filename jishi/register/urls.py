"""The addresses of this room's screens."""

from django.urls import path

from jishi.register import map_urls
from jishi.register.views import (
    command,
    create,
    duplicates,
    element,
    freshness,
    items,
    listing,
    overview,
    population,
    worklist,
)

app_name = "register"
urlpatterns = [
    *map_urls.urlpatterns,
    path("register/", overview.overview, name="overview"),
    path("register/freshness/", freshness.freshness, name="freshness"),
    path("register/freshness/target/", freshness.target, name="target"),
    path("register/worklist/", worklist.worklist, name="worklist"),
    path("register/duplicates/", duplicates.duplicates, name="duplicates"),
    path("register/duplicates/search/", duplicates.search, name="search_pairs"),
    path("register/duplicates/<int:pk>/", duplicates.decide, name="decide"),
    path("register/population/", population.population, name="population"),
    path("register/population/record/", population.record, name="record_counts"),
    path("register/population/help/", population.record_help, name="record_help"),
    path("register/population/publish/", population.publish, name="publish_counts"),
    path("register/population/export/", population.export, name="export_counts"),
    path("register/elements/", listing.listing, name="list"),
    path("register/elements/columns/", listing.columns, name="columns"),
    path("register/elements/new/", create.create, name="create"),
    path("register/elements/similar/", create.nearby, name="similar"),
    path("register/elements/<str:number>/", element.page, name="element"),
    path("register/elements/<str:number>/links/<int:pk>/drop/", items.unlink, name="unlink"),
    path("register/elements/<str:number>/parts/<int:pk>/verify/", items.verify_part, name="verify_part"),
    path("register/elements/<str:number>/parts/<int:pk>/drop/", items.drop_part, name="drop_part"),
    path("register/elements/<str:number>/contacts/<int:pk>/", items.reveal, name="reveal"),
    path("register/elements/<str:number>/files/<int:pk>/", items.attachment, name="attachment"),
    path("register/elements/<str:number>/files/<int:pk>/small/", items.thumbnail, name="thumbnail"),
    path("register/elements/<str:number>/files/<int:pk>/drop/", items.drop_attachment, name="drop_attachment"),
    path("register/elements/<str:number>/<slug:verb>/", command.command, name="command"),
]
