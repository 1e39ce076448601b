"""Addresses of campaigns: reading by GET, acting by POST, autosave by PUT."""

from django.urls import path

from jiafang.campaigns.views import bureau, design, plans, progress, school

app_name = "campaigns"
urlpatterns = [
    path("", bureau.campaign_list, name="list"),
    path("new/", bureau.new, name="new"),
    path("new/<str:template>/", bureau.create, name="create"),
    path("conduct/", school.conduct_now, name="conduct"),
    path("deliverables/", progress.all_deliverables, name="deliverables"),
    path("<uuid:pk>/", bureau.campaign, name="campaign"),
    path("<uuid:pk>/again/", bureau.create_like, name="create_like"),
    path("<uuid:pk>/edit/", bureau.edit, name="edit"),
    path("<uuid:pk>/edit/lines/<str:kind>/", bureau.edit_items, name="edit_items"),
    path("<uuid:pk>/edit/categories/", bureau.edit_categories, name="edit_categories"),
    path("<uuid:pk>/edit/deliverables/", bureau.edit_deliverables, name="edit_deliverables"),
    path("<uuid:pk>/open/", progress.open_campaign, name="open"),
    path("<uuid:pk>/close/", progress.close, name="close"),
    path("<uuid:pk>/plans/", progress.plans, name="plans"),
    path("<uuid:pk>/deliverables/", progress.deliverables, name="campaign_deliverables"),
    path("<uuid:pk>/form/", design.record_form, name="record_form"),
    path("<uuid:pk>/conduct/", school.conduct, name="campaign_conduct"),
    path("<uuid:pk>/conduct/acknowledge/", school.acknowledge, name="acknowledge"),
    path("schools/<uuid:pk>/", school.school, name="school"),
    path("schools/<uuid:pk>/rules/", school.rules, name="school_rules"),
    path("schools/<uuid:pk>/quotas/", school.quotas, name="quotas"),
    path("schools/<uuid:pk>/form/", design.school_form, name="form"),
    path("schools/<uuid:pk>/acknowledgements/", school.acknowledgements, name="acknowledgements"),
    path("schools/<uuid:pk>/plan/", plans.plan, name="plan"),
    path("schools/<uuid:pk>/plan/sections/<str:code>/", plans.section, name="plan_section"),
    path("schools/<uuid:pk>/plan/tasks/", plans.tasks, name="plan_tasks"),
    path("schools/<uuid:pk>/plan/approve/", plans.approve, name="plan_approve"),
    path("schools/<uuid:pk>/plan/seal/", plans.seal, name="plan_seal"),
    path("schools/<uuid:pk>/plan/submit/", plans.submit, name="plan_submit"),
    path("schools/<uuid:pk>/plan/receive/", plans.receive, name="plan_receive"),
    path("schools/<uuid:pk>/plan/return/", plans.send_back, name="plan_return"),
    path("schools/<uuid:pk>/plan/file/", plans.file, name="plan_file"),
    path("schools/<uuid:pk>/plan/word/", plans.word, name="plan_word"),
    path("schools/<uuid:pk>/plan/pdf/", plans.pdf, name="plan_pdf"),
    path("schools/<uuid:pk>/plan/stamped/", plans.stamped, name="plan_stamped"),
    path("schools/<uuid:pk>/plan/versions/<int:number>/", plans.version, name="plan_version"),
]
