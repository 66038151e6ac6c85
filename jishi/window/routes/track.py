"""Following a report with its receipt."""

from django.urls import path

from jishi.window.views import track, track_own

URLS = [
    path("window/track/", track.page, name="track"),
    path("window/track/leave/", track.leave, name="track_leave"),
    path("window/track/add/", track.add, name="track_add"),
    path("window/track/rate/", track.rate, name="track_rate"),
    path("window/track/dispute/", track.dispute, name="track_dispute"),
    path("window/track/withdraw/", track.withdraw, name="track_withdraw"),
    path("window/track/unfollow/", track_own.unfollow, name="track_unfollow"),
    path("window/track/mine/", track_own.mine, name="track_mine"),
    path("window/track/mine/delete/", track_own.erase, name="track_erase"),
    path("window/track/mine/letters/", track_own.letters, name="track_letters"),
    path("window/track/stop/<str:token>/", track_own.stop, name="track_stop"),
]
