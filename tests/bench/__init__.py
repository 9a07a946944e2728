"""Measurements of the real server beside a floor measured in the same run: ``python -m tests.bench``."""
