"""How full the demonstration is: shares of the bookable time, and of the people who come."""

from __future__ import annotations

FULL_BY_WEEK = (0.85, 0.60, 0.35, 0.20, 0.10)
"""Share of the time of appointments that is taken, this week first."""

FULL_EVENINGS_AND_SATURDAYS_WEEKS = 3
"""For so many weeks there is nothing free after 16:00 on Thursday or on a Saturday."""

FIRST_FREE_AFTER_DAYS = {"eu-registration": 24, "foreign-licence": 31}
"""Services for which nothing is free until so many days from today."""

OTHERS_FREE_WITHIN_DAYS = 9
"""Every other service has something free within so many days."""

MISSED = 0.08
"""Share of past visits whose person did not come."""

WEEKS_AHEAD = 5
DAYS_BEHIND = 4
"""From when until when there are appointments, around today."""

POPULARITY = {
    "identity-card": 7,
    "passport": 4,
    "kids-id": 3,
    "child-passport": 2,
    "driving-licence": 3,
    "residence-card": 3,
    "eu-registration": 2,
    "birth": 3,
}
"""How often people come for a service; for the others, once."""
