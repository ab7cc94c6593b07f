"""What one run of an organisation's worker knows of itself."""

from collections import Counter
from contextlib import contextmanager

from .resource_take_in import Incoming

TRIES = 50  # of one record in one run; nothing of ours takes as many


class XeroRun:
    """What one run of the worker holds in memory; nothing of it has to survive."""

    def __init__(self):
        self.gateway = None
        self.resolver = None
        self.resolver_revision = None
        self.contacts_read = False
        self.contacts = None  # ContactWriter of the batch in hand
        self.reference_read = False
        self.incoming = None  # (resource, what Xero says) in hand: likewise
        self.in_bulk = False  # several of what Xero says are in hand together; found so, one by one from here on
        self.files = {}  # {record: content} that was rendered and is about to be sent
        self.reverse = None
        self.reverse_revision = None
        self.inherited = ()  # ContactIDs of the documents in hand whose partner was merged into another here
        self.sent = False  # something was sent: people are at work
        self.batch = None  # (resource, records) in hand: what to isolate if a bug strikes
        self.request = None  # the one that is being settled: likewise
        self.sweep = None  # the comparison that is being made: likewise
        self.decision = None  # the change with a person's word that is being acted on: likewise
        self.limit = 50  # Xero's advice for the elements of one POST
        self.renewed = False
        self.queued = None  # see xero.organisation._queued
        self.tries = Counter()  # of (resource, record)
        self.collisions = 0
        self.strikes = 0

    @contextmanager
    def together(self, resource, news):
        """What is done with all of ``news`` at once. A bug in it is nobody's yet: it leaves ``in_bulk``, so that each
        goes alone when they are taken again.

        :param str resource: name of the model
        :param list news: ``Incoming``
        """
        before = self.in_bulk, self.incoming
        self.in_bulk, self.incoming = True, (resource, news[0] if len(news) == 1 else Incoming(None, "", None))
        yield
        self.in_bulk, self.incoming = before  # not after an exception

    def forget(self):
        """What was read in a transaction that was rolled back was not: the database has nothing of it."""
        self.contacts_read = self.reference_read = False
        self.resolver = self.reverse = None

    def resolver_of(self, organisation):
        """Odoo's things -> Xero's, read anew when somebody maps. :rtype: MappingResolver"""
        if self.resolver is None or self.resolver_revision != organisation.mapping_revision:
            self.resolver, self.resolver_revision = organisation._mapping_resolver(), organisation.mapping_revision
        return self.resolver

    def reverse_of(self, organisation):
        """Xero's things -> Odoo's, likewise. :rtype: MappingReverse"""
        if self.reverse is None or self.reverse_revision != organisation.mapping_revision:
            self.reverse, self.reverse_revision = organisation._mapping_reverse(), organisation.mapping_revision
        return self.reverse

    def count(self, resource, record_ids):
        """Note that these records were taken; what comes back for ever is left to the next run.

        :raise RuntimeError: a bug of ours, which the worker isolates like any other
        """
        for record_id in record_ids:
            self.tries[resource, record_id] += 1
            if self.tries[resource, record_id] > TRIES:
                self.batch = (resource, [record_id])
                raise RuntimeError(f"{resource} {record_id} was taken {TRIES} times and is still due")
