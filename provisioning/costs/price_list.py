"""The one file of prices and assumptions."""

from __future__ import annotations

from pathlib import Path

import msgspec

from provisioning.costs.records import PriceList
from vertex_dr.kernel.errors import BadInput

__all__ = ["price_list"]

_FILE = Path(__file__).with_name("prices.toml")


def price_list(file: Path = _FILE) -> PriceList:
    """Return prices and assumptions. Raises BadInput for a file that lacks one or has one too many."""
    try:
        return msgspec.toml.decode(file.read_bytes(), type=PriceList)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadInput(f"read the prices in {file}", found=str(error), then="mend the file") from error
