"""A Xero to develop and test against: its own process, real HTTP, stateful. Never imported by the addon.

Run ``python -m simulator --port 8070`` from the repository root and read ``simulator/README.md``.
"""
