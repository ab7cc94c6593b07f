"""Rows in memory, found by id and by index in O(1), with every change undoable.

A row is a dict that is never changed in place: an update puts a new dict under the same id. The journal keeps
the old one, so a batch, or one element of it, is rolled back by putting the old rows back.
"""


class Journal:
    """The old rows of the running transaction, youngest last; it is shared by an organisation's tables."""

    def __init__(self):
        self.entries = []
        self.depth = 0

    def note(self, table, row_id, old):
        if self.depth:
            self.entries.append((table, row_id, old))

    def rollback(self, mark):
        while len(self.entries) > mark:
            table, row_id, old = self.entries.pop()
            table.restore(row_id, old)

    def __enter__(self):
        """A savepoint: whatever is changed inside is undone if the block raises."""
        self.depth += 1
        self._marks = [*getattr(self, "_marks", []), len(self.entries)]
        return self

    def __exit__(self, kind, _error, _trace):
        mark = self._marks.pop()
        if kind is not None:
            self.rollback(mark)
        self.depth -= 1
        if not self.depth:
            self.entries.clear()


class Table:
    """Rows by ``key`` (a field's name); ``indexes``: name -> function(row) -> hashable, or None for "not in it"."""

    def __init__(self, journal, key, **indexes):
        self.journal = journal
        self.key = key
        self.rows = {}
        self.indexes = {name: ({}, keyed) for name, keyed in indexes.items()}

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return iter(self.rows.values())

    def get(self, row_id):
        return self.rows.get(row_id)

    def put(self, row):
        """Store ``row`` in place of the one with the same id, if there is one."""
        row_id = row[self.key]
        self.journal.note(self, row_id, self.rows.get(row_id))
        self.restore(row_id, row)
        return row

    def drop(self, row_id):
        self.journal.note(self, row_id, self.rows.get(row_id))
        self.restore(row_id, None)

    def restore(self, row_id, row):
        old = self.rows.get(row_id)
        for entries, keyed in self.indexes.values():
            before = keyed(old) if old is not None else None
            after = keyed(row) if row is not None else None
            if before == after:
                continue
            if before is not None:
                entries[before].pop(row_id, None)
                if not entries[before]:
                    del entries[before]
            if after is not None:
                entries.setdefault(after, {})[row_id] = None
        if row is None:
            self.rows.pop(row_id, None)
        else:
            self.rows[row_id] = row

    def all_by(self, index, key):
        """Rows whose ``index`` is ``key``, oldest first."""
        rows = self.rows
        return [rows[row_id] for row_id in self.indexes[index][0].get(key, ())]

    def by(self, index, key):
        """The oldest such row, or None."""
        for row_id in self.indexes[index][0].get(key, ()):
            return self.rows[row_id]
        return None
