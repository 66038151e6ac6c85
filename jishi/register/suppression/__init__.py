"""Population counts that may leave the station.  Pure; no Django.

``suppress(release, history)`` says what of a release may be shown.  A release is one date's households, long-term and
temporary residents per building, summed by area and for the station; the history is all that was published before.

**What is withheld.**  Every count under 5, zero too, so that the mark means "0 to 4, or something that would give such
a count away" and nothing in the table tells which.  (Zeros are withheld because a list of empty homes is a list for
burglars, and because a mark that could not be zero would say "at least one".)  A building once withheld in a measure
stays withheld in it.  Residents, long-term and temporary together, are shown only where both parts are, so they add
nothing, and the three measures can be settled one by one.

**What the attacker is given.**  All tables ever shown and their sums; that counts are whole and not negative; which
withheld values did not change since the date before (whoever walks past may know that).  What is not given: how much a
changed value changed, or ties between measures such as "no more households than residents".

**What is promised.**  For each withheld building, and each withheld total that is under 5, there are worlds that agree
with all of this in which it is 0 and in which it is 4 or more: no bound is tighter than 0 to 4.  A withheld total of 5
or more is kept at least four apart as well, unless what was shown before already fixes it.

**How.**  Show no total at all: then nothing new is said of a withheld value, and the promise holds if it held before.
Now go through the areas, and at last the station, in an order that has nothing to do with the counts.  Show the total
if the programme of the attacker, over all dates that it ties together, still finds all those worlds (in whole numbers,
which is more than a linear programme asks).  If it does not, withhold up to three more buildings of the area that are
new or changed (for the station: one more area's total); if that does not help, withhold the total.  One more thing must
stay open: that all small values of the day are zero together.  Otherwise what is withheld today could bound an area's
total that falls under 5 tomorrow, when it would be too late.

Exports and filters choose lines of what ``Published.lines`` gives and never add up others: a sum that is not in the
table is a new table.

**Sources.**  Cox, "Suppression methodology and statistical disclosure control", JASA 75 (1980): complementary
suppression and its audit by linear programming.  Fischetti and Salazar, "Models and algorithms for optimizing cell
suppression in tabular data with linear constraints", JASA 95 (2000): the attacker's two programmes per cell, protection
levels.  De Wolf, "HiTaS: a heuristic approach to cell suppression in hierarchical tables", LNCS 2316 (2002): from the
top of a hierarchy down.  Castro, "Recent advances in optimization techniques for statistical tabular data protection",
EJOR 216 (2012): a survey; least suppression is NP-hard, hence a greedy choice that is checked and not the least one.
Hundepool and others, "Statistical disclosure control" (Wiley, 2012): linked tables, zeros, one mark for both kinds.
"""

from jishi.register.suppression.method import suppress
from jishi.register.suppression.tables import (
    HELP_LEAST,
    LEAST,
    MEASURES,
    Line,
    Published,
    Release,
    Row,
    Withheld,
    help_count,
)

__all__ = [
    "HELP_LEAST",
    "LEAST",
    "MEASURES",
    "Line",
    "Published",
    "Release",
    "Row",
    "Withheld",
    "help_count",
    "suppress",
]
