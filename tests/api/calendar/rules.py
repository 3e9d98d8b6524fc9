"""On which days things repeat, as a library that is not ours says it: the rule, the first day and the last one of each."""

import json
import sys
from datetime import date, datetime

from dateutil.rrule import rrulestr


def days(rule, start, last):
    """The days of a rule, as text."""
    start, last = (datetime.combine(date.fromisoformat(day), datetime.min.time()) for day in (start, last))
    return [day.date().isoformat() for day in rrulestr(rule, dtstart=start).between(start, last, inc=True)]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(json.dumps([days(*one) for one in json.load(file)]))
