import logging
import sys

import pytest
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from jishi.base.reports import NoLocals, ScrubbedFormatter, scrub


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("GET /track/9fK2mQz7Lw0aXc4Vb8Nn1Tt6 200", "GET /track/… 200"),
        ("GET /agency/17.3.k7Qm2Xw9Zr4Tn8Lp3Vb6Yc.s9-Lp_x/ 404", "GET /agency/…/ 404"),
        ("Not Found: /agency/17.3.abc.def/accept/", "Not Found: /agency/…/accept/"),
        ("Not Found: /agency/事项 abc", "Not Found: /agency/… abc"),
        ("https://a.example/agency/aaaa?said=accept", "https://a.example/agency/…?said=accept"),
        ("GET /api/v1/agency/matters/XH-2026-000123", "GET /api/v1/agency/matters/XH-2026-000123"),
        ("/x?token=abc123&page=2", "/x?token=…&page=2"),
        ("GET /matters/XH-2026-000123/", "GET /matters/XH-2026-000123/"),
        ("GET /static/build/app.js", "GET /static/build/app.js"),
        ("IntegrityError\nDETAIL:  Failing row contains (王建国, 13800000000).", "IntegrityError\nDETAIL: …"),
    ],
)
def test_scrub(line, clean):
    assert scrub(line) == clean


def test_a_logged_traceback_is_scrubbed():
    words = "no\nDETAIL: the words of a reporter"
    try:
        raise ValueError(words)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())
    line = ScrubbedFormatter("%(message)s").format(record)
    assert "Traceback" in line
    assert "words of a reporter" not in line


def test_a_report_holds_no_values():
    request = RequestFactory().post("/matters/", {"story": "the words of a reporter"})
    try:
        secret = "the key of a matter"
        raise ValueError(len(secret))
    except ValueError:
        reporter = ExceptionReporter(request, *sys.exc_info())
    reporter.filter = NoLocals()
    report = reporter.get_traceback_text()
    assert "ValueError" in report
    assert "words of a reporter" not in report
    frames = reporter.get_traceback_data()["frames"]
    assert all(list(frame["vars"]) == [] for frame in frames)
