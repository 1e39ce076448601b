"""Addresses of classes, children's files and the care ledger."""

from django.urls import path

from jiafang.dossiers.views import care, classes, facts, files, homes, students

app_name = "dossiers"
urlpatterns = [
    path("", classes.classes, name="classes"),
    path("class/<int:pk>/", classes.klass, name="klass"),
    path("class/<int:pk>/add/", facts.add, name="add"),
    path("class/<int:pk>/handover/<uuid:handover>/", classes.acknowledge, name="acknowledge"),
    path("homes/<uuid:pk>/confirm/", homes.confirm, name="confirm_home"),
    path("homes/<uuid:pk>/doubt/", homes.doubt, name="doubt_home"),
    path("homes/<uuid:pk>/split/<uuid:student>/", homes.split, name="split_home"),
    path("homes/<uuid:pk>/join/<uuid:student>/", homes.join, name="join_home"),
    path("care/", care.ledger, name="care"),
    path("care/<uuid:pk>/reason/", care.reason, name="care_reason"),
    path("care/<uuid:pk>/end/", care.end, name="end_care"),
    path("care/<uuid:pk>/resume/", care.resume, name="resume_care"),
    path("care/<uuid:pk>/withdraw/", care.withdraw, name="withdraw_care"),
    path("student/<uuid:pk>/", students.student, name="student"),
    path("student/<uuid:pk>/open/<slug:what>/", students.opened, name="open"),
    path("student/<uuid:pk>/readers/", students.readers, name="readers"),
    path("student/<uuid:pk>/edit/", facts.edit, name="edit"),
    path("student/<uuid:pk>/move/", facts.move, name="move"),
    path("student/<uuid:pk>/move-back/<int:klass>/", facts.move_back, name="move_back"),
    path("student/<uuid:pk>/leave/", facts.leave, name="leave"),
    path("student/<uuid:pk>/come-back/", facts.come_back, name="come_back"),
    path("student/<uuid:pk>/care/", care.note, name="note_care"),
    path("student/<uuid:pk>/files/", files.add, name="add_file"),
    path("files/<uuid:pk>/", files.download, name="file"),
    path("files/<uuid:pk>/remove/", files.remove, name="remove_file"),
]
