"""The public holidays of Spain and of each of its regions, as the library `holidays` knows them: one line a day and name.

`domain/src/feast/spain.csv` is what this prints; a journey compares the two. Renew it with:
    python tests/api/calendar/feasts.py > domain/src/feast/spain.csv
"""
from collections import defaultdict

import holidays

YEARS = range(2026, 2031)
REGIONS = [region for region in holidays.Spain.subdivisions if len(region) == 2]

found = defaultdict(dict)
for region in REGIONS:
    for place, language in enumerate(("es", "en_US")):
        known = holidays.country_holidays("ES", subdiv=region, years=YEARS, language=language)
        for day, names in known.items():
            found[(day, region)][place] = names.replace(";", ",")

grouped = defaultdict(list)
for (day, region), names in found.items():
    grouped[(day, names[0], names[1])].append(region)

print("day;regions;es;en")
for (day, es, en), regions in sorted(grouped.items()):
    print(f"{day};{'*' if len(regions) == len(REGIONS) else ' '.join(sorted(regions))};{es};{en}")
