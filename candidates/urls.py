from django.urls import include, path

from candidates import access_views, key_views, saved_search_views, search_views, views

app_name = "candidates"
urlpatterns = [
    path("", search_views.candidate_list, name="candidate_list"),
    path("export/", search_views.export, name="export"),
    path("add-to-job/", search_views.add_to_job, name="add_to_job"),
    path("searches/", saved_search_views.searches, name="searches"),
    path("searches/save/", saved_search_views.search_save, name="search_save"),
    path("searches/restore/<str:kept>/", saved_search_views.search_restore, name="search_restore"),
    path("searches/<int:pk>/", saved_search_views.search_open, name="search_open"),
    path("searches/<int:pk>/edit/", saved_search_views.search_edit, name="search_edit"),
    path("searches/<int:pk>/check/", saved_search_views.search_check, name="search_check"),
    path("searches/<int:pk>/delete/", saved_search_views.search_delete, name="search_delete"),
    # Before the addresses of people: a code may hold slashes
    path("webhooks/", include("candidates.webhook_urls")),
    path("", include("candidates.document_urls")),
    path("", include("candidates.person_urls")),
    path("access-log/", access_views.access_log, name="access_log"),
    path("policy/", access_views.policy, name="policy"),
    path("api-keys/", key_views.api_keys, name="api_keys"),
    path("api-keys/new/", key_views.api_key_new, name="api_key_new"),
    path("api-keys/<int:pk>/rotate/", key_views.api_key_rotate, name="api_key_rotate"),
    path("api-keys/<int:pk>/revoke/", key_views.api_key_revoke, name="api_key_revoke"),
    path("<code:code>/reveal/", access_views.reveal, name="reveal"),
    path("<code:code>/", views.candidate_detail, name="candidate_detail"),
]
