"""Reports in quarantine."""

from django.urls import path

from jishi.window.views import held

URLS = [
    path("desk/window/held/", held.held, name="held"),
    path("desk/window/held/<int:pk>/files/<int:file>/", held.kept_file, name="held_file"),
    path("desk/window/held/<int:pk>/release/", held.release, name="release_held"),
    path("desk/window/held/<int:pk>/throw/", held.throw, name="throw_held"),
    path("desk/window/held/<int:pk>/undo/", held.undo, name="undo_held"),
]
