"""The room's data, one module for each part."""

from jishi.window.models.held import Held
from jishi.window.models.labels import Label
from jishi.window.models.receipts import Receipt

__all__ = ["Held", "Label", "Receipt"]
