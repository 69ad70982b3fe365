"""`python -m tests.bench [measure …]`: one line a measure; lines that begin with # are remarks."""

import argparse
import logging
import os
import sys

from tests.bench.calls import burst, call_of_ten, first_alert
from tests.bench.clusters import clusters
from tests.bench.handoff import handoff
from tests.bench.maps import map_first_view, map_places
from tests.bench.pages import answer, roll_call
from tests.bench.ranked import ranked_list
from tests.drills.house import house
from tests.drills.people import settle

MEASURES = {
    "handoff": handoff,
    "first_alert": first_alert,
    "call_of_ten": call_of_ten,
    "burst": burst,
    "answer": answer,
    "roll_call": roll_call,
    "clusters": clusters,
    "ranked_list": ranked_list,
    "map_places": map_places,
    "map_first_view": map_first_view,
}
PODS = 110


def run(names: list[str]) -> None:
    """Measure in one house, each measure with a fresh database."""
    from django.db import connections

    logging.disable(logging.WARNING)
    with house(
        static=bool({"answer", "roll_call", "ranked_list", "map_places", "map_first_view"} & set(names))
    ) as place:
        settle(PODS)
        connections.close_all()
        place.keep()
        for name in names:
            load = os.getloadavg()[0]
            for line in MEASURES[name](place):
                print(line, flush=True)
            print(f"# {name}: load of the machine before {load:.1f}, after {os.getloadavg()[0]:.1f}", flush=True)
            connections.close_all()
            if name != names[-1]:
                place.fresh()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="measure", help=", ".join(MEASURES))
    chosen = parser.parse_args()
    if unknown := set(chosen.measures) - MEASURES.keys():
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    run(chosen.measures or list(MEASURES))
    sys.exit(0)


if __name__ == "__main__":
    main()
