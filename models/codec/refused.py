"""What a codec raises when Xero would refuse the document: the caller turns it into a ``Problem``."""


class Refused(ValueError):
    """:param code: key of the catalogue in ``models/problems*.py``; ``data``: JSON-able values for its sentence."""

    def __init__(self, code, **data):
        super().__init__(code)
        self.code = code
        self.data = data
