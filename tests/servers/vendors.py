"""Every vendor beside GitHub, once: a new one is a module beside this and a line here."""

from __future__ import annotations

from tests.servers.linkedin import Linkedin
from tests.servers.meltwater import Meltwater
from tests.servers.mixpanel import Mixpanel
from tests.servers.rank_tracker import RankTracker
from tests.servers.salesforce import Salesforce
from tests.servers.vendor import Vendor
from tests.servers.x import X
from tests.servers.youtube import Youtube

VENDORS: tuple[type[Vendor], ...] = (X, Meltwater, RankTracker, Youtube, Salesforce, Linkedin, Mixpanel)
