"""The addresses of this room's screens."""

from django.urls import path

from jishi.exchange.views import export, imports

app_name = "exchange"
urlpatterns = [
    path("import/", imports.imports, name="imports"),
    path("import/<int:pk>/", imports.run, name="run"),
    path("import/<int:pk>/start/", imports.start, name="start"),
    path("import/<int:pk>/rejects/", imports.rejects, name="rejects"),
    path("import/<int:pk>/marked/", imports.marked, name="marked"),
    path("register/export/", export.export_register, name="export_register"),
    path("register/template/<str:category>.xlsx", imports.template, name="template"),
]
