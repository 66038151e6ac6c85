"""Addresses of the map; part of the room's own."""

from django.urls import path

from jishi.register.views import basemap, map_page, tiles

urlpatterns = [
    path("register/map/", map_page.page, name="map"),
    path("register/map/inside/", map_page.inside, name="inside"),
    path("register/map/card/<slug:layer>/<int:key>/", tiles.card, name="card"),
    path("register/tiles/<int:z>/<int:x>/<int:y>.mvt", tiles.tile, name="tile"),
    path("register/tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", tiles.tile, name="layer_tile"),
    path("register/hexagons/<slug:layer>/<int:resolution>.geojson", tiles.hexagons, name="hexagons"),
    path("register/areas.geojson", tiles.outlines, name="outlines"),
    path("register/basemap/<str:name>", basemap.basemap, name="basemap"),
]
