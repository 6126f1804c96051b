#!/usr/bin/env python3
"""Compares p-values with those of scipy and statsmodels: verify_fisher.py FILE.json, which holds

    {"pairs": [[part, whole, part, whole, p], …], "holm": [[[p, …], [adjusted, …]], …]}

Prints how many were compared and the largest difference (as a part of p); exit 1 if any is above 1e-9.
"""
import json
import sys

from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests

given = json.load(open(sys.argv[1]))
worst = 0.0
for part, whole, other_part, other, p in given["pairs"]:
    theirs = fisher_exact([[part, whole - part], [other_part, other - other_part]])[1]
    worst = max(worst, abs(p - theirs) / max(theirs, 1e-200))
for found, adjusted in given["holm"]:
    for ours, theirs in zip(adjusted, multipletests(found, method="holm")[1]):
        worst = max(worst, abs(ours - theirs) / max(theirs, 1e-200))
print(json.dumps({"compared": len(given["pairs"]) + len(given["holm"]), "worst": worst}))
sys.exit(1 if worst > 1e-9 else 0)
