"""Every vendor beside GitHub, once: a new one is a module beside this and a line here."""

from __future__ import annotations

from tests.servers.vendor import Vendor
from tests.servers.x import X

VENDORS: tuple[type[Vendor], ...] = (X,)
