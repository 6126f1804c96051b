"""Counts from the raw tables what the figures are computed from, by other means than the server; `verify_figures.py`
says what for. Rows are read enterprise by enterprise, so that millions of them need little memory."""

import bisect
import collections
import datetime
import functools
import itertools
import json

LOCAL = datetime.timedelta(hours=8)
DAY = datetime.timedelta(days=1)
BYS = ("unit", "handler", "leader", "category", "channel", "level", "grade")
TABLES = {
    "issues": "id category_id channel_id level state state_at is_open accepted_at lead_unit_id handler_id first_due_on due_on closure_id",
    "issue_facts": "issue_id version last_at closure_id category_id channel_id level",
    "closures": "id issue_id at result unit_id handler_id first_due_on due_on rate_until",
    "closure_facts": "closure_id grade leader_id",
    "assignments": "id issue_id part unit_id handler_id at",
    "assignment_facts": "assignment_id grade leader_id",
    "ratings": "id closure_id tier round verdict tags tags_version at",
    "rating_proofs": "rating_id proof",
    "rating_flags": "rating_id",
    "appeal_outcomes": "rating_id judgement",
    "rating_invitations": "closure_id",
    "rectifications": "id closure_id at",
    "rectification_limits": "rectification_id working_days",
    "rectification_steps": "rectification_id kind at",
    "follow_ups": "closure_id at reached contacted solved satisfaction decision",
    "extensions": "issue_id at",
    "deferrals": "issue_id",
    "requests": "issue_id unit_id kind at",
    "events": "subject_id kind detail by at seq",
}
ONLY = {"events": "WHERE kind IN ('signed_for', 'handed_over', 'reached', 'progressed')"}


def moment(value):
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value


def date(value):
    return datetime.date.fromisoformat(value[:10]) if isinstance(value, str) else value


def day(value):
    return (moment(value) + LOCAL).date()


class Calendar:
    def __init__(self, rows):
        self.kinds = {date(one): kind for one, kind in rows}
        days = (datetime.date(2000, 1, 1) + DAY * n for n in range(80000))
        self.days = [one for one in days if self.works(one)]

    def works(self, one):
        return self.kinds.get(one, "workday" if one.weekday() < 5 else "holiday") == "workday"

    def between(self, first, last):
        """Working days after `first` up to `last`."""
        return bisect.bisect_right(self.days, last) - bisect.bisect_right(self.days, first)

    def after(self, first, n):
        return self.days[bisect.bisect_right(self.days, first) + n - 1]

    def tenths(self, begin, end, opens, closes):
        """Tenths of working hours between two moments, begun ones left out."""
        begin, end = begin + LOCAL, end + LOCAL
        seconds = 0
        at = bisect.bisect_left(self.days, begin.date())
        while at < len(self.days) and self.days[at] <= end.date():
            midnight = datetime.datetime.combine(self.days[at], datetime.time())
            first, last = (midnight + datetime.timedelta(hours=hour) for hour in (opens, closes))
            seconds += max(int((min(last, end) - max(first, begin)).total_seconds()), 0)
            at += 1
        return seconds // 360


class Sums:
    """What was counted of one place in one period."""

    def __init__(self):
        self.n, self.words, self.tags = collections.Counter(), collections.Counter(), collections.Counter()

    def take(self, other):
        for mine, its in ((self.n, other.n), (self.words, other.words), (self.tags, other.tags)):
            mine.update(its)


class Count:
    """Facts by period and place; a place is a tuple in the order of BYS."""

    def __init__(self, ask, calendar, periods):
        self.ask, self.calendar = ask, calendar
        self.today = date(ask["today"])
        self.periods = sorted(periods)
        self.places = {}
        self.of_day = functools.lru_cache(maxsize=None)(
            lambda one: [at for at, (first, last) in enumerate(self.periods) if first <= one <= last]
        )

    def enter(self, on, place, counts, word=None, tags=()):
        for period in self.of_day(on):
            sums = self.places.get((period, place))
            if sums is None:
                sums = self.places[(period, place)] = Sums()
            for key in counts:
                sums.n[key] += 1
            if word is not None:
                sums.words[word] += 1
            for tag in tags:
                sums.tags[tag] += 1

    def days(self, on, place, n):
        for period in self.of_day(on):
            self.places[(period, place)].n["days"] += n

    def groups(self, period, key):
        """Sums by a function of the place."""
        found = {}
        at = self.periods.index(period)
        for (one, place), sums in self.places.items():
            if one == at:
                found.setdefault(key(place), Sums()).take(sums)
        return found

    def enterprise(self, rows):
        issues = {one.id: one for one in rows["issues"]}
        frozen = {one[0]: (one.grade, one.leader_id or "") for one in rows["closure_facts"]}
        given_with = {one[0]: (one.grade, one.leader_id or "") for one in rows["assignment_facts"]}
        had, named, asked, steps_of = (collections.defaultdict(list) for _ in range(4))
        for one in sorted(rows["issue_facts"], key=lambda one: one.version):
            steps_of[one.issue_id].append(one)

        # What an issue is grouped by is what it was then: when it was closed, or at the end of a day.
        def at_closure(closure):
            own = (one for one in steps_of[closure.issue_id] if one.closure_id == closure.id)
            return next(own, issues[closure.issue_id])

        def back_then(issue, was):
            steps = steps_of[issue.id]
            return next((one for one in reversed(steps) if was(moment(one.last_at))), steps[0] if steps else issue)

        for one in rows["assignments"]:
            if one.part == "lead":
                had[one.issue_id].append(one)
        for leads in had.values():
            leads.sort(key=lambda one: (moment(one.at), one.id))
        for one in sorted(rows["events"], key=lambda one: (moment(one.at), one.seq)):
            named[one.subject_id].append(one)
        for one in rows["requests"]:
            if one.kind == "return":
                asked[(one.issue_id, one.unit_id)].append(moment(one.at))

        def place(kind, unit, handler, facts):
            grade, leader = facts or ("", "")
            return (unit or "", handler or "", leader, kind.category_id, kind.channel_id, kind.level, grade)

        def holder(issue, promised):
            """Who had an issue at the end of a day."""
            steps = [(moment(one.at), 0, one) for one in had[issue.id]]
            steps += [(moment(one.at), 1, one) for one in named[issue.id]]
            unit, handler, facts = "", "", None
            for at, kind, one in sorted(steps, key=lambda step: step[:2]):
                if (at + LOCAL).date() > promised:
                    break
                if kind == 0:
                    unit, handler, facts = one.unit_id, one.handler_id or "", given_with.get(one.id)
                    continue
                person = json.loads(one.detail).get("handler")
                if isinstance(person, str):
                    handler = person
                elif one.kind == "progressed" and not handler:
                    handler = one.by
            return place(back_then(issue, lambda at: (at + LOCAL).date() <= promised), unit, handler, facts)

        closed = collections.defaultdict(list)
        for one in rows["closures"]:
            closed[one.issue_id].append(one)
            self.promises(issues[one.issue_id], at_closure(one), one, place, holder, frozen.get(one.id))
        self.closures(rows, issues, place, at_closure, frozen)
        contacts = collections.defaultdict(list)
        for one in rows["events"]:
            if one.kind in ("reached", "progressed"):
                contacts[one.subject_id].append(moment(one.at))
        deferred = {one.issue_id for one in rows["deferrals"]}
        by_id = {one.id: one for one in rows["closures"]}
        ended = collections.defaultdict(list)
        for one in rows["closures"]:
            ended[issues[one.issue_id].category_id].append((one.issue_id, moment(one.at)))
        for issue in issues.values():
            aside = issue.state in ("deferred", "withdrawn", "merged")
            if issue.is_open or issue.state in ("withdrawn", "merged"):
                for key, promised in (("due", date(issue.due_on)), ("due_first", date(issue.first_due_on))):
                    if promised is not None and promised < (day(issue.state_at) if aside else self.today):
                        self.enter(promised, holder(issue, promised), (key,))
            if issue.accepted_at is None:
                continue
            at = moment(issue.accepted_at)
            counts = ["accepted"]
            closure = by_id.get(issue.closure_id)
            if closure is not None and not issue.is_open:
                counts.append("accepted_closed")
                whose = place(at_closure(closure), closure.unit_id, closure.handler_id, frozen.get(closure.id))
            else:
                lead = had[issue.id][-1].id if issue.lead_unit_id and had[issue.id] else None
                whose = place(issue, issue.lead_unit_id, issue.handler_id, given_with.get(lead))
            if issue.id in deferred:
                counts.append("deferred")
            ninety = datetime.timedelta(days=90)
            if any(other != issue.id and at - ninety <= when < at for other, when in ended[issue.category_id]):
                counts.append("repeated")
            words = contacts[issue.id] + [moment(one.at) for one in closed[issue.id]]
            word = min(words, default=None)
            tenths = None
            if word is not None and word >= at:
                tenths = self.calendar.tenths(at, word, self.ask["opens"], self.ask["closes"])
            self.enter((at + LOCAL).date(), whose, counts, tenths)
        for issue, leads in had.items():
            for one in leads:
                own = [moment(other.at) for other in leads if other.unit_id == one.unit_id]
                until = min((at for at in own if at > moment(one.at)), default=None)
                returned = any(
                    when >= moment(one.at) and (until is None or when < until)
                    for when in asked[(issue, one.unit_id)]
                )
                kind = back_then(issues[issue], lambda at: at <= moment(one.at))
                whose = place(kind, one.unit_id, one.handler_id, given_with.get(one.id))
                self.enter(day(one.at), whose, ("assigned", "returned") if returned else ("assigned",))

    def promises(self, issue, kind, one, place, holder, facts):
        """Kept ones are the closure's, others of whoever had the issue at the end of the day. What is promised for today
        or later is not due yet, kept or not."""
        for key, promised in (("", date(one.due_on)), ("_first", date(one.first_due_on))):
            if promised >= self.today or not self.of_day(promised):
                continue
            if day(one.at) <= promised:
                whose = place(kind, one.unit_id, one.handler_id, facts)
                self.enter(promised, whose, ("kept" + key, "due" + key))
            else:
                self.enter(promised, holder(issue, promised), ("due" + key,))

    def closures(self, rows, issues, place, at_closure, frozen):
        out = {one.rating_id for one in rows["appeal_outcomes"] if one.judgement == "accepted"}
        flagged = {one.rating_id for one in rows["rating_flags"]}
        proofs = {one.rating_id: one.proof for one in rows["rating_proofs"]}
        invited = {one.closure_id for one in rows["rating_invitations"]}
        ratings, calls = collections.defaultdict(list), collections.defaultdict(list)
        for one in rows["ratings"]:
            ratings[one.closure_id].append(one)
        for one in rows["follow_ups"]:
            if one.reached:
                calls[one.closure_id].append(one)
        fixes = {one.closure_id: one for one in rows["rectifications"]}
        limits = {one.rectification_id: one.working_days for one in rows["rectification_limits"]}
        granted, made = collections.defaultdict(list), collections.defaultdict(list)
        for one in rows["extensions"]:
            granted[one.issue_id].append(moment(one.at))
        for one in rows["closures"]:
            made[one.issue_id].append(moment(one.at))
        ways = ["owner", "unverified"] if self.ask["unverified"] else ["owner"]
        fixed = {}
        for one in rows["rectification_steps"]:
            if one.kind == "fixed":
                before = fixed.get(one.rectification_id)
                fixed[one.rectification_id] = min(before or moment(one.at), moment(one.at))
        for one in rows["closures"]:
            issue, on, n = issues[one.issue_id], day(one.at), ["closed"]
            facts = frozen.get(one.id)
            first = [r for r in ratings[one.id] if r.round == "first"]
            able = [r for way in ways for r in first if r.tier == way]
            raw = able[0] if able else None
            counted = raw if raw is not None and raw.id not in out else None
            left = {r.tier: r for r in first if r.id not in out}
            counts = counted is not None
            good = counts and counted.verdict == "good"
            bad = counts and not good
            raw_bad = raw is not None and raw.verdict == "bad"
            again = issue.closure_id != one.id or issue.state not in ("closed", "rectifying", "follow_up", "archived")
            before = max((at for at in made[one.issue_id] if at < moment(one.at)), default=None)
            extended = any(
                at <= moment(one.at) and (before is None or at > before) for at in granted[one.issue_id]
            )
            n += ["resolved"] * (one.result == "resolved") + ["extended"] * extended
            n += ["reopened"] * again + ["invited"] * (one.id in invited)
            n += ["at_once"] * (not again and not bad) + ["at_once_raw"] * (not again and not raw_bad)
            n += ["verified"] * (raw is not None) + ["verified_good"] * (raw is not None and not raw_bad)
            n += ["received"] * len(first) + ["excluded"] * (len(first) - len(left))
            n += ["flagged"] * sum(r.id in flagged for r in first)
            n += ["counted"] * counts + ["good"] * good + ["superseded"] * max(len(left) - 1, 0)
            n += ["unverified"] * bool(left and not counts)
            if counts and counted.tier == "unverified":
                n.append("how_code")
            elif counts:
                n.append("how_invitation" if proofs.get(counted.id) == "invitation" else "how_pin")
            elif left:
                n.append("how_call_back" if "call_back" in left else "how_code")
            elif first:
                n.append("how_excluded")
            else:
                n.append("not_rated" if date(one.rate_until) < self.today else "open")
            again_raw = [r for way in ways for r in ratings[one.id] if (r.round, r.tier) == ("rectification", way)]
            again_rated = [r for r in again_raw[:1] if r.id not in out]
            content = bool(again_rated) and again_rated[0].verdict == "good"
            n += ["fix_rated"] * bool(again_rated) + ["fix_good"] * content
            n += ["fix_rated_raw"] * bool(again_raw)
            n += ["fix_good_raw"] * (bool(again_raw) and again_raw[0].verdict == "good")
            fix = fixes.get(one.id)
            if fix is not None:
                hard = facts is not None and facts[0] in ("complex", "cross_department")
                # As it was set when it was opened; where that was not kept yet, as it is set now.
                days = limits.get(fix.id, self.ask["fix_complex" if hard else "fix"])
                due = self.calendar.after(day(fix.at), days)
                right = fixed.get(fix.id)
                if due < self.today:
                    in_time = right is not None and (right + LOCAL).date() <= due
                    n += ["fix_due"] + ["fix_in_time"] * in_time
                    # By the unit's word, until the owner confirms it, and where he said nothing, the last call after it.
                    later = [call for call in calls[one.id] if in_time and moment(call.at) >= right]
                    last = max(later, key=lambda call: moment(call.at), default=None)
                    heard = content if again_rated else last is not None and (
                        last.solved in ("yes", "partly")
                        and last.satisfaction not in ("dissatisfied", "very_dissatisfied")
                        and last.decision == "archived"
                    )
                    n += ["fix_confirmed"] * (in_time and heard)
            if bad:
                called = any(moment(call.at) >= moment(counted.at) for call in calls[one.id])
                n += ["bad_called"] * called + ["bad_rectifying"] * (fix is not None)
                n += ["bad_fixed"] * (fix is not None and fix.id in fixed) + ["bad_content"] * content
            for call in calls[one.id]:
                n += ["calls"] + ["contacted"] * (call.contacted == "yes") + ["solved"] * (call.solved == "yes")
                n += ["satisfied"] * (call.satisfaction in ("very_satisfied", "satisfied"))
                n += ["basically"] * (call.satisfaction == "basically_satisfied")
            whose = place(at_closure(one), one.unit_id, one.handler_id, facts)
            self.enter(on, whose, n, tags=[(counted.tags_version, tag) for tag in json.loads(counted.tags)] if counts else ())
            if issue.accepted_at is not None and day(issue.accepted_at) <= on:
                self.days(on, whose, self.calendar.between(day(issue.accepted_at), on))


def read(url):
    """The calendar, the words of tags by version and id, and the rows of each enterprise by table."""
    if url.startswith("sqlite:"):
        import sqlite3

        base = sqlite3.connect(url.removeprefix("sqlite:"))
        cursor = lambda name, sql: base.execute(sql)
    else:
        import psycopg

        base = psycopg.connect(url)

        def cursor(name, sql):
            found = base.cursor(name)
            found.itersize = 20000
            return found.execute(sql)

    streams = {}
    for table, columns in TABLES.items():
        names = columns.split()
        kind = collections.namedtuple(table, names)
        quoted = ", ".join(f'"{name}"' for name in names)
        sql = f"SELECT enterprise_id, {quoted} FROM {table} {ONLY.get(table, '')} ORDER BY enterprise_id"
        grouped = itertools.groupby(cursor(table, sql), key=lambda row: row[0])
        streams[table] = (kind, grouped)
    enterprises = [row[0] for row in base.execute("SELECT id FROM enterprises ORDER BY id").fetchall()]
    calendar = Calendar(base.execute("SELECT day, kind FROM workdays").fetchall())
    words = {row[:2]: row[2:] for row in base.execute("SELECT version, id, zh, en FROM rating_tags").fetchall()}

    def each():
        waiting = {table: next(grouped, None) for table, (_, grouped) in streams.items()}
        for enterprise in enterprises:
            rows = {}
            for table, (kind, grouped) in streams.items():
                rows[table] = []
                if waiting[table] is not None and waiting[table][0] == enterprise:
                    rows[table] = [kind(*row[1:]) for row in waiting[table][1]]
                    waiting[table] = next(grouped, None)
            yield rows
        assert not any(waiting.values()), "rows of no enterprise"

    return calendar, words, each()
