"""Documents of the shop."""

from pydantic import BaseModel


class Settings(BaseModel):
    """How a shop looks."""

    theme: str = "light"
