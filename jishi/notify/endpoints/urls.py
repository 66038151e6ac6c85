"""The addresses of endpoints, of the installed app, and of devices."""

from django.urls import path

from jishi.notify.endpoints import app, views

urlpatterns = [
    path("notices/channels/", views.channels, name="channels"),
    path("notices/channels/add/<slug:kind>/", views.add, name="channel_add"),
    path("notices/channels/<int:pk>/", views.channel, name="channel"),
    path("notices/channels/<int:pk>/test/", views.test, name="channel_test"),
    path("notices/channels/<int:pk>/switch/", views.switch, name="channel_switch"),
    path("notices/channels/<int:pk>/secret/", views.secret, name="channel_secret"),
    path("notices/channels/<int:pk>/delete/", views.delete, name="channel_delete"),
    path("notices/devices/", app.subscribe, name="subscribe"),
    path("notices/devices/key/", app.device_key, name="device_key"),
    path("notices/devices/leave/", app.unsubscribe, name="unsubscribe"),
    path("notices/devices/<int:pk>/remove/", app.remove, name="device_remove"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("sw.js", app.worker, name="worker"),
    path("offline/", app.offline, name="offline"),
]
