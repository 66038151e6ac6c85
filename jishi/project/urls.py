"""Every address of the installation.  Each room brings its own."""

from django.urls import include, path
from django.views.i18n import set_language

from jishi.project import api
from jishi.stations.administration import administration

urlpatterns = [
    path("", include("jishi.base.urls")),
    # before the others, since an address is looked for from above, and everybody at once may come to the window
    path("", include("jishi.window.urls")),
    path("", include("jishi.stations.urls")),
    path("", include("jishi.notify.urls")),
    path("", include("jishi.register.urls")),
    path("", include("jishi.matters.urls")),
    path("", include("jishi.exchange.urls")),
    path("accounts/", include("jishi.base.entrance")),
    path("api/v1/", api.urls()),
    path("admin/", administration.urls),
    path("language/", set_language, name="set_language"),
]

handler400 = "jishi.base.views.bad_request"
handler403 = "jishi.base.views.not_allowed"
handler404 = "jishi.base.views.not_found"
handler500 = "jishi.base.views.failed"
