"""Addresses of the timetable, and of the private calendar feeds."""

from django.urls import path

from jiafang.planning.views import preparing, reading, running

app_name = "planning"
SCHOOL = "timetable/<uuid:pk>/"
urlpatterns = [
    path("timetable/", reading.school, name="school"),
    path("timetable/feed/", preparing.feed, name="feed"),
    path(SCHOOL, reading.overview, name="overview"),
    path(f"{SCHOOL}calendar/", reading.calendar, name="calendar"),
    path(f"{SCHOOL}list/", reading.table, name="table"),
    path(f"{SCHOOL}chart/", reading.chart, name="chart"),
    path(f"{SCHOOL}print/", reading.paper, name="paper"),
    path(f"{SCHOOL}left/", reading.left, name="left"),
    path(f"{SCHOOL}if/", reading.outlook, name="outlook"),
    path(f"{SCHOOL}outings/<uuid:outing>/", reading.outing, name="outing"),
    path(f"{SCHOOL}visits/<uuid:visit>/", reading.visit, name="visit"),
    path(f"{SCHOOL}visits/<uuid:visit>/why/", reading.why, name="why"),
    path(f"{SCHOOL}move/", running.move, name="move"),
    path(f"{SCHOOL}run/", running.start, name="start"),
    path(f"{SCHOOL}runs/<uuid:run>/", running.run, name="run"),
    path(f"{SCHOOL}runs/<uuid:run>/progress/", running.progress, name="progress"),
    path(f"{SCHOOL}runs/<uuid:run>/cancel/", running.cancel, name="cancel"),
    path(f"{SCHOOL}runs/<uuid:run>/accept/", running.accept, name="accept"),
    path(f"{SCHOOL}runs/<uuid:run>/discard/", running.discard, name="discard"),
    path(f"{SCHOOL}publish/", running.publish, name="publish"),
    path(f"{SCHOOL}prepare/", preparing.prepare, name="prepare"),
    path(f"{SCHOOL}prepare/settings/", preparing.settings, name="settings"),
    path(f"{SCHOOL}prepare/windows/", preparing.windows, name="windows"),
    path(f"{SCHOOL}prepare/relief/", preparing.relief, name="relief"),
    path(f"{SCHOOL}prepare/relief/<uuid:staff>/end/", preparing.end_relief, name="end_relief"),
    path(f"{SCHOOL}prepare/leaders/", preparing.quota, name="quota"),
    path(f"{SCHOOL}changes/", preparing.absence, name="absence"),
    path(f"{SCHOOL}changes/<int:absence>/end/", preparing.end_absence, name="end_absence"),
    path(f"{SCHOOL}wishes/<uuid:student>/", preparing.wish, name="wish"),
    path("feeds/<str:token>.ics", preparing.ics, name="ics"),
]
