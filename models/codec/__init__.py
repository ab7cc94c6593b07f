"""Translators between Odoo's words and Xero's: pure, no Odoo, no network.

``contact`` and ``invoice`` each take plain dataclasses and give the payload that Xero reads. What has to be read
from the database to fill the dataclasses is the business of ``models/resource_*.py``.
"""
