"""What a shop can do."""

from golden_composites.bases.shop import ShopBase


class ShopBehaviour(ShopBase):
    """Beside its fields."""

    __slots__ = ()

    def described(self) -> str:
        """In a line."""
        return f"{', '.join(self.tags)} for {self.rent.cents} in {self.settings.theme}"
