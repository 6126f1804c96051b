#!/usr/bin/env python3
"""Compares Wilson intervals with those of statsmodels: verify_wilson.py PAIRS.json, a list of [part, whole, low, high].

Prints how many were compared and the largest difference; exit 1 if any is above 1e-12.
"""
import json
import sys

from statsmodels.stats.proportion import proportion_confint

pairs = json.load(open(sys.argv[1]))
worst = 0.0
for part, whole, low, high in pairs:
    theirs = proportion_confint(part, whole, 0.05, "wilson")
    worst = max(worst, abs(low - theirs[0]), abs(high - theirs[1]))
print(json.dumps({"compared": len(pairs), "worst": worst}))
sys.exit(1 if worst > 1e-12 else 0)
