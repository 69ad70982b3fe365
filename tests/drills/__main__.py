"""`python -m tests.drills [fault …]`: one line a fault; leaves with 1 when anything was lost or too late."""

import argparse
import logging
import sys

from tests.drills.drill import Drill
from tests.drills.faults import FAULTS
from tests.drills.house import house
from tests.drills.people import ASKED, settle

DUE = 400


def run(names: list[str], due: int = DUE) -> int:
    """Run these faults, one after the other, in one house; return how many broke a promise."""
    broken = 0
    # That bells fail to ring is what is wanted here; one line a fault is what is read.
    logging.disable(logging.WARNING)
    with house(static=any(FAULTS[name].web for name in names)) as place:
        settle(pods=due // ASKED // 4 + 1)
        _forget_connections()
        place.keep()
        for name in names:
            report = Drill(place, FAULTS[name], due).run()
            print(report.line(), flush=True)
            for wrong in report.wrong:
                print(f"# {name}: {wrong}", flush=True)
            broken += bool(report.wrong)
            _forget_connections()
            if name != names[-1]:
                place.fresh()
    return broken


def _forget_connections() -> None:
    from django.db import connections

    connections.close_all()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="fault", help=", ".join(FAULTS))
    parser.add_argument("--due", type=int, default=DUE, help="how many alerts go out")
    chosen = parser.parse_args()
    if unknown := set(chosen.faults) - FAULTS.keys():
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    sys.exit(1 if run(chosen.faults or list(FAULTS), chosen.due) else 0)


if __name__ == "__main__":
    main()
