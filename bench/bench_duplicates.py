"""Whether likely duplicates are found among 200,000 elements, how many offers are wrong, and how the cost grows.

    .venv/bin/python bench/bench_duplicates.py --seeds 5101 5102        # any seeds but those it was tuned with: 1 to 99

A made-up city (``alike.py``) gets second entries spoilt in stated ways (``spoil.py``), one to three ways each, for
5 % of its elements.  Recall is the share of them that is offered, precision the share of offers that are one of them.
Nothing is planted on elements without a name, and none are offered.  With the food premises of Chicago (the folder of
``JISHI_REAL_DATA``, by default ``../shared/data`` beside the project) the false pairs per 1,000 premises are told as
well, see ``chicago.py``.  Exit status 1 when recall, precision or growth miss their mark.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import combinations
from math import log
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOUSE))

from alike import City  # noqa: E402  (found by the path above)
from chicago import ENGLISH, FILE, named, premises  # noqa: E402
from spoil import SPOILS, Spoil, second_entry  # noqa: E402

from jishi.register.likeness import Record, address_key, find_pairs  # noqa: E402

RECALL, PRECISION, EXPONENT = 0.95, 0.90, 1.25
SHARE = 0.05
SIZES = (20_000, 50_000, 100_000, 200_000)
TUNED = range(1, 100)
Truth = dict[frozenset[Hashable], list[str]]


def planted(
    base: list[Record], count: int, dice: random.Random, spoils: dict[str, Spoil]
) -> tuple[list[Record], Truth]:
    """The records with ``count`` second entries among them, shuffled, and which pairs those are."""
    truth: Truth = {}
    records = list(base)
    for one in dice.sample([record for record in base if record.name not in ("", "消火栓")], count):
        second, faults = second_entry(dice, one, spoils)
        records.append(replace(second, id=f"second {one.id}"))
        truth[frozenset((one.id, records[-1].id))] = faults
    dice.shuffle(records)
    return records, truth


def measured(records: list[Record], truth: Truth) -> tuple[float, float, int, Counter[str]]:
    """Recall, precision, how many offers were wrong, and how many faults went unfound."""
    offered = {frozenset((pair.a, pair.b)) for pair in find_pairs(records)}
    found = sum(pair in offered for pair in truth)
    missed = Counter(fault for pair, faults in truth.items() if pair not in offered for fault in faults)
    return found / len(truth), found / max(1, len(offered)), len(offered) - found, missed


def city(seeds: Sequence[int], size: int) -> bool:
    """Recall and precision in the city, by seed."""
    good = True
    for seed in seeds:
        dice = random.Random(f"second entries {seed}")
        count = round(size * SHARE)
        records, truth = planted(City(seed).records(size - count), count, dice, SPOILS)
        recall, precision, wrong, missed = measured(records, truth)
        good &= recall >= RECALL and precision >= PRECISION
        print(f"seed {seed}: {size:,} elements, {count:,} second entries: recall {recall:.1%} (to reach {RECALL:.0%}), "
              f"precision {precision:.1%} (to reach {PRECISION:.0%}), {wrong} wrong offers", flush=True)  # fmt: skip
        each = Counter(fault for faults in truth.values() for fault in faults)
        print("    found by fault: " + ", ".join(f"{name} {1 - missed[name] / each[name]:.1%}" for name in SPOILS))
    return good


def growth(seed: int, sizes: Sequence[int]) -> bool:
    """Time of this process by size, and the exponent of its growth."""
    times = []
    for size in sizes:
        records = City(seed).records(size)
        begun = time.process_time()
        count = sum(1 for _ in find_pairs(records))
        times.append(time.process_time() - begun)
        print(
            f"{size:>8,} elements: {times[-1]:6.1f} s, {1e6 * times[-1] / size:5.0f} µs each, {count} pairs", flush=True
        )
    if len(sizes) < 2:
        return True
    xs, ys = [log(size) for size in sizes], [log(spent) for spent in times]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    exponent = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of the process at most {memory:.0f} MB")
    print(f"growth: n to the power of {exponent:.2f} (at most {EXPONENT}; 1 is linear, 2 is each with each)")
    return exponent <= EXPONENT


def chicago(seeds: Sequence[int]) -> None:
    """False pairs among the premises of Chicago, as they come and with names."""
    folder = Path(os.environ.get("JISHI_REAL_DATA") or HOUSE.parent / "shared" / "data")
    if not (folder / FILE).exists():
        print("Chicago: skipped, since JISHI_REAL_DATA holds no chicago_food_inspections.")
        return
    records = premises(folder)
    thousands = len(records) / 1000
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(address_key(record.address), []).append(record)
    shared = [group for group in groups.values() if len(group) > 1]
    naive = sum(one.category == other.category for group in shared for one, other in combinations(group, 2))
    spellings = len({record.address.strip() for record in records})
    print(
        f"Chicago: {len(records):,} licences, {spellings:,} spellings of {len(groups):,} addresses, {len(shared):,} of "
        f"which hold several licences; the same address and type alone would offer {naive / thousands:.0f} per 1,000"
    )
    for said, name in (("without names, as they come", ""), ("the licence as name", "{0.id}"),
                       ("the facility type as name", "{0.category}")):  # fmt: skip
        wrong = sum(1 for _ in find_pairs(replace(record, name=name.format(record)) for record in records))
        print(f"    {said}: {wrong / thousands:.1f} false pairs per 1,000 premises")
    for seed in seeds:
        dice = random.Random(f"second entries {seed}")
        with_names = named(records, seed)
        wrong = sum(1 for _ in find_pairs(with_names))
        recall, precision, _, missed = measured(*planted(with_names, round(len(records) * SHARE), dice, ENGLISH))
        print(
            f"    with made-up names, seed {seed}: {wrong / thousands:.1f} false pairs per 1,000 premises; with second "
            f"entries of {SHARE:.0%}: recall {recall:.1%}, precision {precision:.1%}; not found: {dict(missed)}",
            flush=True,
        )


def main() -> int:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description="Likely duplicates: recall, precision, growth.")
    parser.add_argument("--seeds", type=int, nargs="+", default=[5101, 5102, 5103])
    parser.add_argument("--rows", type=int, default=SIZES[-1])
    chosen = parser.parse_args()
    if any(seed in TUNED for seed in chosen.seeds):
        print(
            f"The weights were tuned with seeds {TUNED.start} to {TUNED.stop - 1}: these show nothing.", file=sys.stderr
        )
        return 2
    good = city(chosen.seeds, chosen.rows)
    good &= growth(chosen.seeds[0], [size for size in SIZES if size <= chosen.rows])
    chicago(chosen.seeds)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
