"""Print what becomes of the real data: ``python -m tests.contract.shared_report``."""

from __future__ import annotations

import sys

from tests.contract.shared_audience import count_reports, count_segments, count_videos
from tests.contract.shared_counts import count_accounts, count_logs, count_rankings, count_webhooks
from tests.contract.shared_crm import count_mixpanel, count_salesforce
from tests.real_data import FOLDER


def main() -> int:
    """Print a table; 1 where a sum does not hold, 2 where the data is absent."""
    if not FOLDER.is_dir():
        sys.stderr.write(f"the real data is not at {FOLDER}: set HEADWATER_SHARED_DATA\n")
        return 2
    counted = [*count_logs(), count_webhooks(), count_accounts(), count_rankings()]
    counted += [*count_videos(), count_reports(), *count_segments()]
    counted += [*count_mixpanel(), *count_salesforce()]
    width = max(len(c.name) for c in counted)
    sys.stdout.write(f"{'':<{width}} {'in':>5} {'ok':>5} {'rejected':>9} {'duplicate':>10} {'rows':>6}\n")
    for c in counted:
        sys.stdout.write(
            f"{c.name:<{width}} {c.received:>5} {c.ok:>5} {c.rejected:>9} {c.duplicates:>10} {c.rows:>6}\n"
        )
        sys.stdout.writelines(f"  {reason}\n" for reason in c.reasons)
    return 0 if all(c.received == c.ok + c.rejected + c.duplicates for c in counted) else 1


if __name__ == "__main__":
    sys.exit(main())
