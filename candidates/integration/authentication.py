"""Signing in to the API with a key in the header ``x-api-key``."""

from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from candidates.integration import keys
from candidates.integration.networks import address_of
from candidates.models import ApiKey
from candidates.requests import leave

if TYPE_CHECKING:
    from django.contrib.auth.models import User

HEADER = "x-api-key"
REALM = "Peneira"


class ApiKeyAuthentication(BaseAuthentication):
    """``request.auth`` is then the key, ``request.user`` the account that it acts as."""

    def authenticate(self, request: Request) -> "tuple[User, ApiKey] | None":
        secret = request.headers.get(HEADER)
        if secret is None:
            return None
        try:
            key = keys.find(secret, address=address_of(request._request))
        except keys.KeyRefused as refused:
            leave(request, refused_key=refused.key)  # for the audit
            raise AuthenticationFailed(keys.SENTENCES[refused.refusal], code=refused.refusal) from refused
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return f'ApiKey realm="{REALM}", header="{HEADER}", Token realm="{REALM}"'


def key_of(request: Request) -> ApiKey | None:
    """The key that the caller signed in with; None with a token or a session."""
    return request.auth if isinstance(request.auth, ApiKey) else None


def caller_of(request: Request) -> str:
    """Who calls, as counts and kept answers name it: an API key, or a person."""
    key = key_of(request)
    return f"key:{key.pk}" if key else f"user:{request.user.pk}"
