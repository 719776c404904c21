"""Verbs: plain functions over a session, with ``now`` as an argument. They flush; they never commit or send."""
