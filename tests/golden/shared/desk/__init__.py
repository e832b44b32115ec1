"""The application around the package."""
