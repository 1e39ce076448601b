"""Addresses of visits."""

from django.urls import path, re_path

from jiafang.visits.views import acting, lists, outlining, papers, recording

app_name = "visits"
urlpatterns = [
    path("", lists.visits, name="list"),
    path("week/", lists.week, name="week"),
    path("late/", lists.late, name="late"),
    path("archive/", lists.archive, name="archive"),
    path("add/", acting.choose, name="add"),
    path("add/<uuid:student>/", acting.add, name="add_for"),
    path("<uuid:pk>/", acting.visit, name="visit"),
    path("<uuid:pk>/contact/", acting.contact, name="contact"),
    path("<uuid:pk>/appoint/", acting.appoint, name="appoint"),
    path("<uuid:pk>/agreed/", acting.agreed, name="agreed"),
    path("<uuid:pk>/decline/", acting.decline, name="decline"),
    path("<uuid:pk>/cancel/", acting.cancel, name="cancel"),
    path("<uuid:pk>/miss/", acting.miss, name="miss"),
    path("<uuid:pk>/reopen/", acting.reopen, name="reopen"),
    path("<uuid:pk>/hold/", acting.hold, name="hold"),
    path("<uuid:pk>/check/", acting.check_visit, name="check_visit"),
    path("outings/<uuid:pk>/depart/", acting.depart, name="depart"),
    path("outings/<uuid:pk>/return/", acting.return_safe, name="return_safe"),
    path("outings/<uuid:pk>/check/", acting.check_outing, name="check_outing"),
    path("children/<uuid:pk>/outline/", outlining.outline, name="outline"),
    path("children/<uuid:pk>/record/", recording.write, name="write"),
    path("records/<uuid:pk>/", recording.record, name="record"),
    path("records/<uuid:pk>/confirm/", recording.confirm, name="confirm"),
    path("records/<uuid:pk>/versions/", recording.versions, name="versions"),
    path("records/<uuid:pk>/return/", recording.send_back, name="return"),
    path("conflicts/<uuid:pk>/", recording.settle, name="settle"),
    re_path(r"^records/(?P<pk>[0-9a-f-]{36})/file\.(?P<kind>pdf|docx)$", papers.record_file, name="record_file"),
    re_path(r"^classes/(?P<klass>\d+)/workbook\.(?P<kind>pdf|docx)$", papers.workbook, name="workbook"),
]
