"""The addresses of Open311: the interface itself, and its screen."""

from django.urls import path, re_path, register_converter

from jishi.exchange.open311.documents import FORMS
from jishi.exchange.views import open311 as api
from jishi.exchange.views import open311_screens as screens


class FormConverter:
    """``xml`` or ``json`` at the end of an address."""

    regex = "|".join(FORMS)

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(FormConverter, "open311_form")
_AT = "open311/v2/"
urlpatterns = [
    path("open311/discovery.<open311_form:form>", api.discovery, name="open311_discovery_above"),
    path(_AT, api.discovery, {"form": "xml"}, name="open311"),
    path(f"{_AT}discovery.<open311_form:form>", api.discovery, name="open311_discovery"),
    path(f"{_AT}services.<open311_form:form>", api.services, name="open311_services"),
    path(f"{_AT}services/<str:code>.<open311_form:form>", api.service, name="open311_service"),
    path(f"{_AT}requests.<open311_form:form>", api.requests, name="open311_requests"),
    path(f"{_AT}requests/<str:number>.<open311_form:form>", api.one_request, name="open311_request"),
    path(f"{_AT}tokens/<str:token>.<open311_form:form>", api.token, name="open311_token"),
    path(f"{_AT}servicerequestupdates.<open311_form:form>", api.updates, name="open311_updates"),
    re_path("^open311/", api.nothing, name="open311_nothing"),
    path("interfaces/open311/", screens.screen, name="open311_keys"),
    path("interfaces/open311/keys/", screens.make_key, name="open311_make_key"),
    path("interfaces/open311/keys/<int:pk>/revoke/", screens.revoke_key, name="open311_revoke"),
    path("interfaces/open311/agencies/<int:pk>/", screens.agency, name="open311_agency"),
    path("interfaces/open311/agencies/<int:pk>/compare/", screens.compare, name="open311_compare"),
    path("interfaces/open311/agencies/<int:pk>/switch/", screens.switch, name="open311_switch"),
    path("interfaces/open311/errands/<int:pk>/retry/", screens.retry, name="open311_retry"),
]
