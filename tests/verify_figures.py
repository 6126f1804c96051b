#!/usr/bin/env python3
"""Computes every figure of every grouping from the raw tables, by other means and in another language, and compares.

    python verify_figures.py ASK.json

ASK.json: {"database": URL, "today": DAY, "opens": HOUR, "closes": HOUR, "fix": DAYS, "fix_complex": DAYS, "unverified":
whether ratings given with the code alone count, "weights": [basically satisfied, response, resolution, satisfaction],
"answers": [FILE…]}. An answer is what the API said: figures
(`/api/v1/staff/figures`) or a dashboard. Prints how many numbers were compared and which differ, to the last digit; exit
1 if any does. What the server withholds is withheld here by the same rule, so that nothing may be missing either.

It shares nothing with the server but the formulas of docs/figures.md. PostgreSQL needs `psycopg`.
"""
import json
import math
import sys

from figures_counted import BYS, Count, Sums, date, read

Z = 1.959963984540054
LEAST = 5
RARE = "rectified rectified_raw fixed_in_time fix_confirmed called_back response resolution satisfaction composite".split()
TELLS = ["good", "good_raw", "bad", "bad_raw", "at_once", "at_once_raw", *RARE]
RECEIVED = "received counted unverified superseded excluded flagged not_rated open".split()


def wilson(part, n):
    if n == 0:
        return {"part": part, "whole": 0}
    p = part / n
    zz = Z * Z / n
    middle = p + zz / 2.0
    reach = Z * math.sqrt(max((p * (1.0 - p) + zz / 4.0) / n, 0.0))
    low = 0.0 if part <= 0 else min(max((middle - reach) / (1.0 + zz), 0.0), 1.0)
    high = 1.0 if part >= n else min(max((middle + reach) / (1.0 + zz), 0.0), 1.0)
    return {"part": part, "whole": n, "rate": p, "low": low, "high": high}


def fisher(one, other):
    """p of Fisher's exact test of two (part, whole), two-sided."""
    (part, whole), (other_part, rest) = one, other
    good = part + other_part

    def log(x):
        ways = ((good, x), (whole + rest - good, whole - x))
        return sum(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for n, k in ways)

    likely = [log(x) for x in range(max(0, good - rest), min(whole, good) + 1)]
    top = max(likely)
    weights = [math.exp(one - top) for one in likely]
    seen = math.exp(log(part) - top) * (1 + 1e-7)
    return math.fsum(one for one in weights if one <= seen) / math.fsum(weights)


def standings(pairs):
    """Where the first share of each pair stands beside the second: at 5 % over all of them, by Holm."""
    found = {key: fisher(*pair) for key, pair in pairs.items() if pair[0][1] > 0 and pair[1][1] > 0}
    own, most = {}, 0.0
    for place, key in enumerate(sorted(found, key=lambda key: found[key])):
        most = max(most, found[key] * (len(found) - place))
        one, other = pairs[key]
        above = one[0] / one[1] > other[0] / other[1]
        own[key] = "within" if most > 0.05 else "above" if above else "below"
    return own


def beside_rest(shares, whole):
    """Pairs of each share of five or more and all the others together."""
    if whole is None:
        return {}
    of = lambda share: (share["part"], share["whole"])
    return {
        key: (of(share), (whole["part"] - share["part"], whole["whole"] - share["whole"]))
        for key, share in shares.items()
        if share["whole"] >= LEAST
    }


def median(words):
    """Of an even number the mean of the two in the middle, in hours; each is whole tenths of them."""
    n = sum(words.values())
    if n == 0:
        return None
    middle = 0
    for place in ((n - 1) // 2, n // 2):
        left = place
        for tenths in sorted(words):
            left -= words[tenths]
            if left < 0:
                middle += tenths
                break
    return {"value": middle / 20.0, "n": n}


def counts(sums, weights):
    """Part and whole of every share."""
    n = sums.n
    basically, response, resolution, satisfaction = weights
    content = n["satisfied"] + basically * n["basically"]
    composite = response * n["contacted"] + resolution * n["solved"] + satisfaction * content
    return {
        "good": (n["good"], n["counted"]),
        "good_raw": (n["verified_good"], n["verified"]),
        "bad": (n["counted"] - n["good"], n["counted"]),
        "bad_raw": (n["verified"] - n["verified_good"], n["verified"]),
        "on_time": (n["kept"], n["due"]),
        "on_time_first": (n["kept_first"], n["due_first"]),
        "rated": (n["counted"], n["closed"]),
        "at_once": (n["at_once"], n["closed"]),
        "at_once_raw": (n["at_once_raw"], n["closed"]),
        "closing": (n["accepted_closed"], n["accepted"]),
        "resolved": (n["resolved"], n["closed"]),
        "returned": (n["returned"], n["assigned"]),
        "reopened": (n["reopened"], n["closed"]),
        "repeated": (n["repeated"], n["accepted"]),
        "extended": (n["extended"], n["closed"]),
        "deferred": (n["deferred"], n["accepted"]),
        "called_back": (n["bad_called"], n["counted"] - n["good"]),
        "fixed_in_time": (n["fix_in_time"], n["fix_due"]),
        "fix_confirmed": (n["fix_confirmed"], n["fix_due"]),
        "rectified": (n["fix_good"], n["fix_rated"]),
        "rectified_raw": (n["fix_good_raw"], n["fix_rated_raw"]),
        "response": (n["contacted"], n["calls"]),
        "resolution": (n["solved"], n["calls"]),
        "satisfaction": (content, n["calls"]),
        "composite": (composite, n["calls"]),
    }


def figures(sums, weights, hidden):
    n = sums.n
    own = {"closed": n["closed"], "accepted": n["accepted"]}
    for key, (part, whole) in counts(sums, weights).items():
        if key not in hidden:
            own[key] = wilson(part, whole)
    if n["closed"]:
        own["days"] = {"value": n["days"] / n["closed"], "n": n["closed"]}
    word = median(sums.words)
    if word is not None:
        own["first_word"] = word
    own["ratings"] = {key: n[key] for key in RECEIVED}
    own["how"] = {key: n["how_" + key] for key in ("pin", "invitation", "call_back", "code", "excluded")}
    own["how"].update(not_rated=n["not_rated"], open=n["open"])
    return own


def complete(counted, gone):
    """Hides the smallest others until nothing can be subtracted."""
    gone = set(gone)
    while gone and (len(gone) < 2 or sum(counted[key] for key in gone) < LEAST):
        rest = [key for key, n in counted.items() if n > 0 and key not in gone]
        if not rest:
            break
        gone.add(min(rest, key=lambda key: counted[key]))
    return gone


def withheld(groups, weights):
    """What is withheld of each group beside the others and their total."""
    few = lambda n: 0 < n < LEAST
    groups = dict(sorted(groups.items()))
    counted = {key: sums.n["counted"] for key, sums in groups.items()}
    by_ratings = complete(counted, {key for key, n in counted.items() if few(n)})
    all_counts = {key: counts(sums, weights) for key, sums in groups.items()}
    hidden = {key: set() for key in groups}
    for what in TELLS:
        gone = by_ratings
        if what in RARE:
            # A raw one is shown beside its adjusted one or not at all.
            decides = "rectified" if what == "rectified_raw" else what
            n = {key: own[decides][1] for key, own in all_counts.items()}
            own = {key for key in groups if n[key] > 0 and (key in by_ratings or few(n[key]))}
            if what == "fix_confirmed":
                own |= {key for key, sums in groups.items() if n[key] > 0 and few(sums.n["fix_rated"])}
            gone = complete(n, own) | {key for key in groups if n[key] == 0}
        elif what.endswith("_raw"):
            # Where appeals left none to count, it would be of those alone that were left out.
            n = {key: sums.n["verified"] for key, sums in groups.items()}
            gone = complete(n, by_ratings | {key for key in groups if n[key] > 0 and counted[key] == 0})
        for key in gone:
            hidden[key].add(what)
    return hidden


class Compared:
    def __init__(self):
        self.n, self.different = 0, []

    def same(self, name, said, own):
        if isinstance(own, dict) and isinstance(said, dict):
            for key in sorted(set(own) | set(said)):
                self.same(f"{name} {key}", said.get(key), own.get(key))
            return
        self.n += 1
        if said != own:
            self.different.append(f"{name}: {said} instead of {own}")


def together(groups):
    whole = Sums()
    for sums in groups.values():
        whole.take(sums)
    return whole


def whole(count, period, weights):
    sums = together(count.groups(period, lambda place: ""))
    return sums, figures(sums, weights, withheld({"": sums}, weights)[""])


def grouped(count, period, by, weights):
    """The figures of each group that had anything, without what is withheld."""
    groups = count.groups(period, lambda place: place[BYS.index(by)])
    hidden = withheld(groups, weights)
    ours = {key: figures(sums, weights, hidden[key]) for key, sums in groups.items()}
    active = ("accepted", "closed", "due", "due_first", "assigned")
    return {key: one for key, one in ours.items() if any(groups[key].n[what] for what in active)}


def compare_view(view, count, weights, found):
    period, by = (date(view["from"]), date(view["to"])), view["by"]
    name = f"{view['from']} {view['to']} by {by}"
    before = (date(view["before_from"]), date(view["before_to"]))
    _, own = whole(count, period, weights)
    found.same(f"{name} all", view["all"], own)
    earlier = whole(count, before, weights)[1]
    found.same(f"{name} before", view["before"], earlier)
    of = lambda share: (share["part"], share["whole"])
    changed = [key for key in ("good", "on_time", "on_time_first", "rated") if all(one.get(key, {"whole": 0})["whole"] >= LEAST for one in (own, earlier))]
    found.same(f"{name} changes", view["changes"], standings({key: (of(own[key]), of(earlier[key])) for key in changed}))
    ours, then = (grouped(count, of, by, weights) for of in (period, before))
    said = {group["id"]: group for group in view["groups"]}
    found.same(f"{name} groups", sorted(said), sorted(ours))
    lows = {key: one["good"].get("low") for key, one in ours.items() if "good" in one and one["good"]["whole"] >= LEAST}
    stands = {
        what: standings(beside_rest({key: one[what] for key, one in ours.items() if what in one}, own.get(what)))
        for what in ("good", "on_time")
    }
    apart = any(one != "within" for one in stands["good"].values())
    for key in sorted(set(said) & set(ours)):
        for field, what in (("standing", "good"), ("standing_on_time", "on_time")):
            found.same(f"{name} {key or '-'} {field}", said[key].get(field), stands[what].get(key))
        found.same(f"{name} {key or '-'}", said[key]["figures"], ours[key])
        found.same(f"{name} {key or '-'} before", said[key].get("before"), then.get(key))
        low = lows.get(key)
        # Where nobody stands apart, an order would be one of chance.
        rank = None if low is None or not apart else 1 + sum(other > low for other in lows.values())
        found.same(f"{name} {key or '-'} rank", said[key].get("rank"), rank)


def compare_board(board, count, weights, words, found):
    view = board["figures"]
    period = (date(view["from"]), date(view["to"]))
    name = f"{view['from']} {view['to']}"
    months = {one["month"]: whole(count, (date(one["from"]), date(one["to"])), weights)[0] for one in board["trend"]}
    hidden = withheld(months, weights)
    for one in board["trend"]:
        month = one["month"]
        found.same(f"{name} month {month}", one["figures"], figures(months[month], weights, hidden[month]))
    sums, _ = whole(count, period, weights)
    n = sums.n
    own = {"closed": n["closed"], "invited": n["invited"], "rated": n["counted"]}
    if not 0 < n["counted"] < LEAST:
        own.update(bad=n["counted"] - n["good"], rectifying=n["bad_rectifying"], fixed=n["bad_fixed"], content=n["bad_content"])
    found.same(f"{name} funnel", board["funnel"], own)
    for one in board["complaints"]:
        meant = (one["text"]["zh"], one["text"]["en"])
        given = sum(n for tag, n in sums.tags.items() if tag[1] == one["tag"] and words[tag] == meant)
        found.same(f"{name} complaint {one['tag']}", one["count"], given)
    kinds = count.groups(period, lambda place: place[BYS.index("category")])
    for one in board["slowest"]:
        found.same(f"{name} slowest {one['id']} few", kinds[one["id"]].n["closed"] < LEAST, False)
        k = kinds[one["id"]].n
        days = {"value": k["days"] / k["closed"], "n": k["closed"]}
        found.same(f"{name} slowest {one['id']}", [one["days"], one["on_time"]], [days, wilson(k["kept"], k["due"])])
    cells = count.groups(period, lambda place: (place[0], place[BYS.index("category")]))
    place = lambda one: (one["unit"], one["category"])
    shares = {place(one): wilson(cells[place(one)].n["good"], cells[place(one)].n["counted"]) for one in board["heat"]["cells"]}
    stands = standings(beside_rest(shares, wilson(n["good"], n["counted"])))
    for one in board["heat"]["cells"]:
        found.same(f"{name} heat {place(one)}", one["good"], shares[place(one)])
        found.same(f"{name} heat {place(one)} standing", one.get("standing"), stands.get(place(one)))


def main():
    ask = json.load(open(sys.argv[1]))
    answers = [json.load(open(name)) for name in ask["answers"]]
    periods = set()
    for answer in answers:
        view = answer.get("figures", answer)
        periods.add((date(view["from"]), date(view["to"])))
        periods.add((date(view["before_from"]), date(view["before_to"])))
        periods.update((date(month["from"]), date(month["to"])) for month in answer.get("trend", ()))
    calendar, words, enterprises = read(ask["database"])
    count = Count(ask, calendar, periods)
    for rows in enterprises:
        count.enterprise(rows)
    found = Compared()
    for answer in answers:
        compare_view(answer.get("figures", answer), count, ask["weights"], found)
        if "trend" in answer:
            compare_board(answer, count, ask["weights"], words, found)
    print(json.dumps({"compared": found.n, "different": found.different}, ensure_ascii=False))
    sys.exit(1 if found.different else 0)


main()
