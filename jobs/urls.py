from django.urls import include, path

from jobs import access_views, board_views, editing_views, moving_views, requirement_views, views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="job_list"),
    path("new/", editing_views.job_new, name="job_new"),
    path("imports/", include("jobs.import_urls")),
    path("prospects/", include("jobs.prospect_urls")),
    path("moves/<uuid:batch>/undo/", moving_views.undo_move, name="undo_move"),
    # A code may hold slashes: the longer addresses first, the shortest last
    path("<code:code>/board/", board_views.board, name="board"),
    path("<code:code>/move/", moving_views.move, name="move"),
    path("<code:code>/history/<code:candidate>/", board_views.prospect_history, name="prospect_history"),
    path("<code:code>/access/add/", access_views.access_add, name="access_add"),
    path("<code:code>/access/blind/", access_views.access_blind, name="access_blind"),
    path("<code:code>/access/<int:pk>/remove/", access_views.access_remove, name="access_remove"),
    path("<code:code>/access/", access_views.access, name="access"),
    path("<code:code>/edit/", editing_views.job_edit, name="job_edit"),
    path("<code:code>/status/", editing_views.job_status, name="job_status"),
    path("<code:code>/requirements/suggest/", requirement_views.suggest, name="requirement_suggest"),
    path("<code:code>/requirements/add/", requirement_views.add, name="requirement_add"),
    path("<code:code>/requirements/change/", requirement_views.change, name="requirement_change"),
    path("<code:code>/requirements/propose/", requirement_views.propose, name="requirement_propose"),
    path("<code:code>/requirements/<int:pk>/undo/", requirement_views.undo, name="requirement_undo"),
    path("<code:code>/requirements/", requirement_views.requirements, name="requirements"),
    path("<code:code>/", views.job_detail, name="job_detail"),
]
