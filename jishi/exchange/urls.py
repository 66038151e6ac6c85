"""The addresses of this room's screens."""

from django.urls import path

from jishi.exchange import views

app_name = "exchange"
urlpatterns = [
    path("import/", views.imports, name="imports"),
    path("import/<int:pk>/", views.run, name="run"),
    path("import/<int:pk>/start/", views.start, name="start"),
    path("import/<int:pk>/rejects/", views.rejects, name="rejects"),
    path("import/<int:pk>/marked/", views.marked, name="marked"),
    path("register/template/<str:category>.xlsx", views.template, name="template"),
]
