"""A commune's whole configuration as a file: what may stand in it, and everything that is wrong with it, line by line.

It holds no persons and no appointments. Reading and writing come from one table of keys (``sections.py``), so that
what is written can be read again.
"""
