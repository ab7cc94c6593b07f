"""What the holes of a sentence are filled with."""


class Holes(dict):
    """Values by name. One that is missing shows as a question mark: no sentence may fail over what it has to say."""

    def __missing__(self, key):
        return "?"
