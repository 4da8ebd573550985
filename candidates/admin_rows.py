"""What the admin's pages of all apps are made of."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    Rows = admin.ModelAdmin[Any]
    Lines = admin.TabularInline[Any, Any]
else:
    Rows = admin.ModelAdmin
    Lines = admin.TabularInline


class ReadOnly:
    """Rows that the program writes; people only read them here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
