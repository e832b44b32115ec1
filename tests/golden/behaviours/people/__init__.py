"""The application."""

from .scopes import PersonScopes as PersonScopes
