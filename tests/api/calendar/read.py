"""Reads a calendar with a library that is not ours, and says what is in it as JSON. Fails at whatever the library minds."""

import json
import sys
from datetime import datetime

from icalendar import Calendar


def text(event, name):
    """A property as text; nothing where it is not there."""
    value = event.get(name)
    return None if value is None else str(value)


def when(event, name):
    """A date, or an instant in UTC."""
    value = event.decoded(name)
    if isinstance(value, datetime):
        assert value.utcoffset() is not None, f"{name} floats"
        return value.timestamp() * 1000
    return value.isoformat()


def read(octets):
    """Every event of the one calendar."""
    calendar = Calendar.from_ical(octets)
    assert not calendar.errors, calendar.errors
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    events = []
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        event.decoded("DTSTAMP")
        events.append(
            {
                "uid": text(event, "UID"),
                "summary": text(event, "SUMMARY"),
                "description": text(event, "DESCRIPTION"),
                "status": text(event, "STATUS"),
                "sequence": event.get("SEQUENCE"),
                "url": text(event, "URL"),
                "start": when(event, "DTSTART"),
                "end": when(event, "DTEND"),
            }
        )
    assert len({event["uid"] for event in events}) == len(events), "one identity, two events"
    return {"name": text(calendar, "X-WR-CALNAME"), "events": events}


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        print(json.dumps(read(file.read())))
