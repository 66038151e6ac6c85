from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage

from jishi.base.toasts import Toast, toast, toasts


class Kept(BaseStorage):
    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, found, response, *args, **kwargs):
        return []


def test_a_toast_offers_the_way_back(rf):
    request = rf.get("/")
    request._messages = Kept(request)
    toast(request, "Pushed.", undo="/matters/1/recall/", fields={"version": 4})
    toast(request, "Refused.", level=messages.ERROR)
    assert toasts(request) == [
        Toast("Pushed.", "success", "/matters/1/recall/", {"version": "4"}),
        Toast("Refused.", "error"),
    ]


def test_words_of_others_in_the_tags_are_ignored(rf):
    request = rf.get("/")
    request._messages = Kept(request)
    messages.info(request, "Hello.", extra_tags="wide")
    assert toasts(request) == [Toast("Hello.", "info")]
    assert toasts(None) == []
