"""What the API has as a whole: sign-in, its schema, its pages, an answer for addresses that are none."""

import hashlib
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from candidates.integration.calling import CalledView


class AddressThrottle(SimpleRateThrottle):
    """Attempts to sign in from one network address."""

    scope = "sign-in-address"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        # Behind a socket of files there is none: all such callers are counted as one
        return _key(self.scope, self.get_ident(request) or "")


class UsernameThrottle(SimpleRateThrottle):
    """Attempts to sign in as one person, from wherever."""

    scope = "sign-in-username"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        body = request.data
        name = body.get("username") if isinstance(body, dict) else None
        return _key(self.scope, name.strip().casefold()) if isinstance(name, str) else None


def _key(scope: str, who: str) -> str:
    """Nobody's name or address in the clear in the cache."""
    return f"throttle-{scope}-{hashlib.sha256(who.encode(errors='replace')).hexdigest()}"


class SignInSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=4096, trim_whitespace=False)


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send it as `Authorization: Token …` with every request.")


class TokenView(CalledView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AddressThrottle, UsernameThrottle)

    @extend_schema(
        operation_id="token_create",
        summary="Sign in",
        description="A person's token for the API, the same at every call. Ten attempts a minute.",
        tags=["sign-in"],
        auth=[],
        request=SignInSerializer,
        responses={
            200: TokenSerializer,
            403: OpenApiResponse(description="With `On-Behalf-Of`: nobody signs in for somebody else."),
            429: OpenApiResponse(description="Too many attempts."),
        },
        examples=[
            OpenApiExample("Sign in", value={"username": "maria", "password": "…"}, request_only=True),
            OpenApiExample(
                "Token", value={"token": "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"}, response_only=True
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        shape = SignInSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        sign_in = AuthTokenSerializer(data=shape.validated_data, context={"request": request})
        sign_in.is_valid(raise_exception=True)
        user = sign_in.validated_data["user"]
        token, _made = Token.objects.get_or_create(user=user)
        request.user = user  # for the audit
        return Response({"token": token.key}, headers={"Cache-Control": "no-store"})


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """Says in the schema how a key is sent; found by the class that it names."""

    target_class = "candidates.integration.authentication.ApiKeyAuthentication"
    name = "apiKey"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "description": "A key made by an administrator. It may what its scopes say.",
        }


class SchemaView(SpectacularAPIView):
    authentication_classes = ()  # it holds no data, and reads the same for everybody
    permission_classes = (AllowAny,)


class DocsView(SpectacularSwaggerSplitView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    template_name = "api/docs.html"  # without the inline style of the original, which the CSP refuses
    url_name = "api-schema"
