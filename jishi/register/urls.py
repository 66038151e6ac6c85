"""The addresses of this room's screens."""

from django.urls import path

from jishi.register import map_urls
from jishi.register.views import duplicates, freshness, overview, population, worklist

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
]
