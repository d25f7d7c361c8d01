"""Django REST framework with simplejwt, rotation and blacklist switched on as its documentation says."""

import os
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import django
from django.conf import settings

uri = os.environ["BENCHMARK_URI"]
if uri.startswith("sqlite"):
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": uri.removeprefix("sqlite:///"),
        "OPTIONS": {
            "timeout": 10,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
        },
    }
else:
    parts = urlsplit(uri)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "HOST": parts.hostname,
        "PORT": parts.port,
    }

settings.configure(
    SECRET_KEY="a secret of the benchmark, 32 by",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist",
    ],
    DATABASES={"default": {**database, "CONN_MAX_AGE": None}},
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"]},
    SIMPLE_JWT={
        "ROTATE_REFRESH_TOKENS": True,
        "BLACKLIST_AFTER_ROTATION": True,
        "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    },
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.decorators import api_view, permission_classes  # noqa: E402
from rest_framework.permissions import AllowAny, IsAuthenticated  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework_simplejwt.tokens import RefreshToken  # noqa: E402
from rest_framework_simplejwt.views import TokenRefreshView  # noqa: E402


def hello(request):
    return HttpResponse("hello")


@api_view(["GET"])
@permission_classes([IsAuthenticated])
def guarded(request):
    return HttpResponse("hello")


@api_view(["POST"])
@permission_classes([AllowAny])
def login(request):
    """Start a session; stands outside of what is measured, so without a password."""
    token = RefreshToken.for_user(User.objects.get_or_create(username="alice")[0])
    return Response({"access": str(token.access_token), "refresh": str(token)})


urlpatterns = [
    path("hello", hello),
    path("guarded", guarded),
    path("login", login),
    path("refresh", TokenRefreshView.as_view()),
]

if os.environ.get("BENCHMARK_CREATE"):
    sys.modules.setdefault("benchmarks.servers.simplejwt", sys.modules[__name__])
    call_command("migrate", verbosity=0)
app = get_wsgi_application()
