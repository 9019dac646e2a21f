"""docs/django.md: its settings of drf-spectacular work for an app."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.commands import main

PAGE = (Path(__file__).resolve().parents[2] / "docs/django.md").read_text(encoding="utf-8")
_APP = """\
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="k",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework",
                    "rest_framework.authtoken", "drf_spectacular"],
    REST_FRAMEWORK={
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
        "PAGE_SIZE": 10,
    },
    SPECTACULAR_SETTINGS=SPECTACULAR_SETTINGS,
)

import django

django.setup()
from django.contrib.auth.models import Group
from django.urls import include, path
from rest_framework import decorators, routers, serializers, viewsets


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ["id", "name"]


class Orders(viewsets.ModelViewSet):
    queryset = Group.objects.all()
    serializer_class = OrderSerializer

    @decorators.action(detail=True, methods=["post"])
    def cancel(self, request, pk=None): ...


router = routers.DefaultRouter()
router.register("orders", Orders)
urlpatterns = [path("api/v1/", include(router.urls))]
execute_from_command_line(sys.argv)
"""


def test_an_app_with_these_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("drf_spectacular", reason="drf-spectacular is not installed")
    monkeypatch.chdir(tmp_path)
    (settings,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    Path("manage.py").write_text(settings + _APP)
    command = [sys.executable, "manage.py", "spectacular", "--validate", "--file", "openapi.yaml"]
    subprocess.run(command, check=True)
    result = CliRunner().invoke(main, ["generate", "openapi.yaml", "-o", "sdk", "--quiet"])
    assert result.exit_code == 0, result.output
    calls = Path("sdk/api.md").read_text(encoding="utf-8")
    assert "`client.orders.retrieve(id)`" in calls
    assert "`client.orders.cancel(id, *, name)`" in calls
    assert "`client.orders.create(*, name)`" in calls
    assert "SyncOffsetPage" in calls
    client = Path("sdk/shop_sdk/client.py").read_text(encoding="utf-8")
    assert "api_key: " in client
    assert "https://shop.example.com" in client
