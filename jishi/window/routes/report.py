"""Reporting, "me too", the receipt, and the code on a thing."""

from django.urls import path

from jishi.window.views import report

URLS = [
    path("window/<str:code>/report/", report.report, name="report"),
    path("window/<str:code>/report/look/", report.look, name="report_look"),
    path("window/<str:code>/follow/", report.follow, name="follow"),
    path("window/receipt.pdf", report.pdf, name="receipt_pdf"),
    path("q/<str:token>/", report.scanned, name="label"),
]
