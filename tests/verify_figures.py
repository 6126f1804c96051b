#!/usr/bin/env python3
"""Computes the figures from rows of the database by other means, in another language, and compares.

Usage: verify_figures.py ROWS.json ANSWER.json FROM TO TODAY
ANSWER.json is what GET /api/v1/staff/figures said, by unit. Exit 1 names each number that differs.
ROWS.json holds tables as lists of objects; moments are UTC, days are local (UTC+8).
It shares nothing with the server but the formulas of docs/figures.md.
"""
import datetime
import json
import math
import sys

Z = 1.959963984540054
LOCAL = datetime.timedelta(hours=8)


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


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("T", " ").rstrip("Z"))


def day(text):
    return (moment(text) + LOCAL).date()


def date(text):
    return datetime.date.fromisoformat(text[:10])


def main():
    rows = json.load(open(sys.argv[1]))
    first, last, today = (date(text) for text in sys.argv[3:6])
    within = lambda d: first <= d <= last
    issues = {i["id"]: i for i in rows["issues"]}
    excluded = {o["rating_id"] for o in rows["appeal_outcomes"] if o["judgement"] == "accepted"}
    flags = {f["rating_id"] for f in rows["rating_flags"]}
    flagged, ratings = {}, {}
    for r in rows["ratings"]:
        if r["round"] == "first" and r["id"] in flags:
            flagged[r["closure_id"]] = flagged.get(r["closure_id"], 0) + 1
        ratings.setdefault(r["closure_id"], {})[(r["tier"], r["round"])] = (r["verdict"], r["id"] in excluded)
    opened = {r["closure_id"]: r["id"] for r in rows["rectifications"]}
    calls = {}
    for f in rows["follow_ups"]:
        if f["reached"] in (True, 1):
            calls.setdefault(f["closure_id"], []).append(f)
    closures = {c["id"]: c for c in rows["closures"]}
    deferred = {d["issue_id"] for d in rows["deferrals"]}
    had, returned = {}, {}
    for a in rows["assignments"]:
        if a["part"] == "lead":
            had.setdefault(a["issue_id"], []).append(a)
    for r in rows["requests"]:
        if r["kind"] == "return":
            returned.setdefault((r["issue_id"], r["unit_id"]), []).append(moment(r["at"]))

    units = {}

    def at(unit):
        return units.setdefault(unit or "", {key: 0 for key in KEYS})

    for c in rows["closures"]:
        i = issues[c["issue_id"]]
        on, due, first_due = day(c["at"]), date(c["due_on"]), date(c["first_due_on"])
        given = ratings.get(c["id"], {})
        # Promises: kept by the closure's unit, else of whoever had the issue at the end of the day.
        for key, promised in (("", due), ("_first", first_due)):
            if within(promised):
                kept = on <= promised
                unit = at(c["unit_id"] if kept else holder(had, i["id"], promised))
                unit["kept" + key] += kept
                unit["due" + key] += 1
        if not within(on):
            continue
        n = at(c["unit_id"])
        n["closed"] += 1
        n["resolved"] += c["result"] == "resolved"
        n["extended"] += due != first_due
        again = i["closure_id"] != c["id"] or i["state"] not in ("closed", "rectifying", "follow_up", "archived")
        n["reopened"] += again
        owner, other = given.get(("owner", "first")), given.get(("unverified", "first"))
        good = owner is not None and owner[0] == "good"
        counted = owner is not None and not owner[1]
        bad = counted and not good
        n["verified"] += owner is not None
        n["verified_good"] += good
        n["received"] += (owner is not None) + (other is not None)
        n["excluded"] += (owner is not None and owner[1]) + (other is not None and other[1])
        n["flagged"] += flagged.get(c["id"], 0)
        n["counted"] += counted
        n["good"] += counted and good
        if other is not None and not other[1]:
            n["superseded" if counted else "unverified"] += 1
        if owner is None and other is None:
            n["not_rated" if date(c["rate_until"]) < today else "open"] += 1
        n["at_once"] += not again and not bad
        fix = given.get(("owner", "rectification"))
        n["fix_rated"] += fix is not None and not fix[1]
        n["fix_good"] += fix is not None and not fix[1] and fix[0] == "good"
        n["called"] += bad and c["id"] in calls
        for f in calls.get(c["id"], []):
            n["calls"] += 1
            n["contacted"] += f["contacted"] == "yes"
            n["solved"] += f["solved"] == "yes"
            n["satisfied"] += f["satisfaction"] in ("very_satisfied", "satisfied")
            n["basically"] += f["satisfaction"] == "basically_satisfied"

    for i in rows["issues"]:
        unclosed = i["is_open"] in (True, 1) or i["state"] in ("withdrawn", "merged")
        for key, promised in (("", i["due_on"]), ("_first", i["first_due_on"])):
            if not unclosed or promised is None or not within(date(promised)):
                continue
            until = day(i["state_at"]) if i["state"] in ("deferred", "withdrawn", "merged") else today
            if date(promised) < until:
                at(holder(had, i["id"], date(promised)))["due" + key] += 1
        if i["accepted_at"] is not None and within(day(i["accepted_at"])):
            closed = i["closure_id"] is not None and i["is_open"] in (False, 0)
            unit = closures[i["closure_id"]]["unit_id"] if closed else i["lead_unit_id"]
            n = at(unit)
            n["accepted"] += 1
            n["accepted_closed"] += closed
            n["deferred"] += i["id"] in deferred
    for a in rows["assignments"]:
        if a["part"] == "lead" and within(day(a["at"])):
            n = at(a["unit_id"])
            n["assigned"] += 1
            asked = returned.get((a["issue_id"], a["unit_id"]), [])
            n["returned"] += any(when >= moment(a["at"]) for when in asked)

    total = {key: sum(n[key] for n in units.values()) for key in KEYS}
    answer = json.load(open(sys.argv[2]))
    wrong = differences("all", answer["all"], figures(total))
    groups = {group["id"]: group["figures"] for group in answer["groups"]}
    for unit, n in units.items():
        if unit in groups:
            wrong += differences(unit, groups[unit], figures(n))
        elif n["closed"] or n["due"] or n["accepted"]:
            wrong.append(f"{unit} is missing")
    print(json.dumps({"compared": COMPARED[0], "different": wrong}))
    sys.exit(1 if wrong else 0)


COMPARED = [0]


def differences(name, said, own):
    """What is said and is not what was computed; what is withheld is not said."""
    wrong = []
    for key, value in own.items():
        if key in said:
            COMPARED[0] += 1
            if said[key] != value:
                wrong.append(f"{name} {key}: {said[key]} instead of {value}")
    return wrong


KEYS = """closed resolved extended reopened verified verified_good received excluded flagged counted good superseded unverified
not_rated open at_once fix_rated fix_good called calls contacted solved satisfied basically accepted accepted_closed
deferred assigned returned kept due kept_first due_first""".split()


def holder(had, issue, promised):
    """The unit that had an issue at the end of a day."""
    before = [a for a in had.get(issue, []) if day(a["at"]) <= promised]
    return max(before, key=lambda a: (moment(a["at"]), a["id"]))["unit_id"] if before else ""


def figures(n):
    content = n["satisfied"] + 0.9 * n["basically"]
    return {
        "closed": n["closed"], "accepted": n["accepted"],
        "ratings": {k: n[k] for k in ("received", "counted", "unverified", "superseded", "excluded", "flagged", "not_rated", "open")},
        "good": wilson(n["good"], n["counted"]), "good_raw": wilson(n["verified_good"], n["verified"]),
        "bad": wilson(n["counted"] - n["good"], n["counted"]),
        "on_time": wilson(n["kept"], n["due"]), "on_time_first": wilson(n["kept_first"], n["due_first"]),
        "rated": wilson(n["counted"], n["closed"]), "at_once": wilson(n["at_once"], n["closed"]),
        "closing": wilson(n["accepted_closed"], n["accepted"]), "resolved": wilson(n["resolved"], n["closed"]),
        "returned": wilson(n["returned"], n["assigned"]), "reopened": wilson(n["reopened"], n["closed"]),
        "extended": wilson(n["extended"], n["closed"]), "deferred": wilson(n["deferred"], n["accepted"]),
        "called_back": wilson(n["called"], n["counted"] - n["good"]),
        "rectified": wilson(n["fix_good"], n["fix_rated"]), "response": wilson(n["contacted"], n["calls"]),
        "resolution": wilson(n["solved"], n["calls"]), "satisfaction": wilson(content, n["calls"]),
        "composite": wilson(0.1 * n["contacted"] + 0.5 * n["solved"] + 0.4 * content, n["calls"]),
    }


main()
