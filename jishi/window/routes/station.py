"""What the station says and offers: notices, figures, services, appointments, the survey; and the desk's side of it."""

from django.urls import path

from jishi.window.views import appointments, counter, figures, notice_desk, notices, queue, services, survey, urgent

URLS = [
    path("window/<str:code>/notices/", notices.notices, name="notices"),
    path("window/<str:code>/notices/feed/", notices.feed, name="notices_feed"),
    path("window/<str:code>/notices/<int:pk>/", notices.notice, name="notice"),
    path("window/<str:code>/figures/", figures.figures, name="figures"),
    path("window/<str:code>/figures.csv", figures.table, name="figures_csv"),
    path("window/<str:code>/open-data/", figures.open_data, name="open_data"),
    path("window/<str:code>/open-data.csv", figures.open_csv, name="open_data_csv"),
    path("window/<str:code>/services/", services.services, name="services"),
    path("window/<str:code>/services/<str:service>/", services.service, name="service"),
    path("window/<str:code>/appointments/", appointments.appointments, name="appointments"),
    path("window/<str:code>/appointments/cancel/", appointments.cancel, name="cancel_appointment"),
    path("window/<str:code>/survey/", survey.survey, name="survey"),
    path("desk/window/urgent/", urgent.urgent, name="urgent"),
    path("desk/window/urgent/<str:number>/confirm/", urgent.confirm, name="confirm_urgent"),
    path("desk/window/queue/", queue.queue, name="queue"),
    path("desk/window/queue/<int:pk>/<str:verb>/", queue.move, name="move_appointment"),
    path("desk/window/counter/", counter.counter, name="counter"),
    path("desk/window/counter/look/", counter.look, name="counter_look"),
    path("desk/window/counter/follow/", counter.follow, name="counter_follow"),
    path("desk/window/notices/", notice_desk.notices, name="desk_notices"),
    path("desk/window/notices/new/", notice_desk.write, name="write_notice"),
    path("desk/window/notices/<int:pk>/", notice_desk.change, name="change_notice"),
    path("desk/window/notices/<int:pk>/withdraw/", notice_desk.withdraw, name="withdraw_notice"),
    path("desk/window/survey/", survey.desk, name="desk_survey"),
]
