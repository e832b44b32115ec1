"""An application of Django's: its models are loaded by `django.setup()`, after the settings are made."""
