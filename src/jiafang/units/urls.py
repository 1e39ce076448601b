"""Addresses of schools, people, classes, calendar and terms: reading by GET, acting by POST."""

from django.urls import path

from jiafang.units.views import classes, people, school

app_name = "units"
urlpatterns = [
    path("", school.school, name="school"),
    path("schools/<int:pk>/", school.school_page, name="school_page"),
    path("schools/<int:pk>/edit/", school.edit_school, name="edit_school"),
    path("schools/<int:pk>/staff/", people.staff, name="staff"),
    path("schools/<int:pk>/staff/add/", people.add_person, name="add_person"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("people/<uuid:pk>/edit/", people.edit_person, name="edit_person"),
    path("people/<uuid:pk>/phone/", people.phone, name="phone"),
    path("people/<uuid:pk>/posts/", people.begin_post, name="begin_post"),
    path("people/<uuid:pk>/account/", people.issue_account, name="issue_account"),
    path("people/<uuid:pk>/password/", people.reissue_password, name="reissue_password"),
    path("people/<uuid:pk>/leave/", people.leave, name="leave"),
    path("people/<uuid:pk>/busy/", people.busy, name="busy"),
    path("posts/<uuid:pk>/end/", people.end_post, name="end_post"),
    path("classes/<int:pk>/", classes.klass, name="klass"),
    path("classes/<int:pk>/hand-over/", classes.hand_over, name="hand_over"),
    path("handovers/<uuid:pk>/", classes.handover, name="handover"),
    path("handovers/<uuid:pk>/acknowledge/", classes.acknowledge_handover, name="acknowledge_handover"),
    path("<int:pk>/calendar/", school.calendar, name="calendar"),
    path("<int:pk>/calendar/seed/", school.seed_calendar, name="seed_calendar"),
    path("<int:pk>/terms/", school.terms, name="terms"),
    path("<int:pk>/terms/<int:term>/", school.edit_term, name="edit_term"),
]
