"""Views of the API that only say who they think calls."""

from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.integration.views import ApiView
from candidates.requests import acting


class EchoView(ApiView):
    resource = "jobs"

    def get(self, request, code):
        return Response({"user": request.user.username, "acting": acting(request).username})

    post = get


class ListView(ApiView):
    resource = "candidates"
    scopes = {"POST": "candidates:read"}

    def get(self, request):
        return Response({"results": [1, 2, 3], "next": None})

    post = get


class OwnPermissionsView(EchoView):
    permission_classes = (AllowAny,)


class ForeignView(APIView):
    def get(self, request):
        return Response({})


class FreeView(ApiView):
    def get(self, request):
        return Response({})


urlpatterns = [
    path("api/v1/jobs/<str:code>", EchoView.as_view(), name="echo"),
    path("api/v1/own/<str:code>", OwnPermissionsView.as_view()),
    path("api/v1/candidates", ListView.as_view()),
    path("api/v1/foreign", ForeignView.as_view()),
    path("api/v1/free", FreeView.as_view()),
]
