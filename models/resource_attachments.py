"""Files that people put on documents in Odoo, as Xero's Attachments. What is deleted here stays there (R58)."""

from odoo import models

from ..xero.gateway import LARGEST_REQUEST, attachment_name
from .codec.digest import digest_of
from .problems import Problem
from .resource import Element
from .resource_files import MOST, PLACES, Theirs, free_name, numbered_name

MEGABYTE = 1024 * 1024
CARRIERS = ("account.move", "account.payment")  # a file on a payment's entry is the payment's
# Where it is installed: it copies to the entry what it has when it is posted; what comes later lies on it alone.
EXPENSE = "hr.expense"
WATCHED = (*CARRIERS, EXPENSE)


class XeroResourceAttachments(models.AbstractModel):
    _name = "xero.resource.attachments"
    _inherit = "xero.resource.files"
    _description = "Xero Attachments"

    _res_model = "ir.attachment"

    # ---- whose ------------------------------------------------------------------------------------

    def _wanted(self, records):
        """Files of people's: those with a field are Odoo's own."""
        return records.filtered(
            lambda file: file.res_model in WATCHED and file.res_id and not file.res_field and file.type == "binary"
        )

    def _document_keys(self, records):
        on_moves = self._moves_of(records)
        # sudo: where a file goes does not depend on who adds it
        moves = self.env["account.move"].sudo().browse(set(on_moves.values())).exists()
        payments = {move.id: move.origin_payment_id.id for move in moves if move.origin_payment_id}
        keys = {file.id: (file.res_model, file.res_id) for file in records if file.res_model == "account.payment"}
        return keys | {
            file_id: ("account.payment", payments[move_id]) if move_id in payments else ("account.move", move_id)
            for file_id, move_id in on_moves.items()
        }

    def _moves_of(self, records):
        """:return dict: {file id: id of the entry that it lies on}; a receipt on a posted expense is its entry's"""
        on_moves = {file.id: file.res_id for file in records if file.res_model == "account.move"}
        receipts = records.filtered(lambda file: file.res_model == EXPENSE)
        if receipts and EXPENSE in self.env:
            # sudo: as above
            expenses = self.env[EXPENSE].sudo().browse(receipts.mapped("res_id")).exists()
            entries = {expense.id: expense.account_move_id.id for expense in expenses if expense.account_move_id}
            on_moves |= {file.id: entries[file.res_id] for file in receipts if file.res_id in entries}
        return on_moves

    def _organisation_ids(self, records):
        """Where their documents belong, if these ever were posted. Whether they are in Xero, the worker knows: what is
        not is followed by its files when it arrives."""
        keys = self._document_keys(records)
        belonging = {}
        for res_model in CARRIERS:
            ids = {res_id for model, res_id in keys.values() if model == res_model}
            # sudo: as above
            documents = self.env[res_model].sudo().browse(ids).exists()
            documents = documents.filtered("posted_before" if res_model == "account.move" else "move_id.posted_before")
            for handler in self._serving(res_model):
                if documents and handler._resource in PLACES:
                    for organisation_id, mine in handler._organisation_ids(handler._wanted(documents)):
                        belonging.setdefault(organisation_id, set()).update((res_model, one) for one in mine._ids)
        return [
            (organisation_id, records.filtered(lambda file, theirs=theirs: keys.get(file.id) in theirs))
            for organisation_id, theirs in belonging.items()
        ]

    def _queue_of(self, organisation, documents):
        """Queue the files of documents that have just come into agreement.

        :param documents: records of one of ``CARRIERS``
        """
        where = [("res_model", "=", documents._name), ("res_id", "in", documents.ids)]
        if documents._name == "account.payment":
            moves = documents.move_id.ids
            where = ["|", "&", *where, "&", ("res_model", "=", "account.move"), ("res_id", "in", moves)]
        files = self._wanted(self.env[self._res_model].search([*where, ("type", "=", "binary")], order="id"))
        self.env["xero.change"].create(self._change_values(organisation, files, kind="needed", by_hand=True))

    # ---- encoding -----------------------------------------------------------------------------------

    def _versions(self, organisation, record_ids):
        """Name and content, and the document at Xero: one that was made anew there has none of them."""
        files = self.env[self._res_model].browse(record_ids).exists()
        placed = self._document_links(organisation, files)
        return {
            file.id: f"{placed[file.id].xero_id} {file.checksum} {file.name}" for file in files if file.id in placed
        }

    def _encode(self, organisation, run, records, links):
        placed = self._document_links(organisation, records)
        there = self._files_there(organisation, self.env["xero.link"].union(*placed.values()))
        living = self._living(there)
        self._add_all_theirs(organisation, run, records, links, placed, there)
        outcomes = dict.fromkeys(records.ids)
        for file in records.sorted("id"):
            if file.id not in placed:
                continue  # its document takes it along when it comes to Xero
            document = placed[file.id]
            try:
                outcomes[file.id] = self._encode_one(
                    organisation, file, links, document, there[document.xero_id], living
                )
            except Problem as problem:
                outcomes[file.id] = problem
        return outcomes

    def _name_there(self, file, link, document):
        """The name that ``file`` bears on the document already, unless it was renamed; '' where it is not there."""
        plain = attachment_name(file.name)
        known = link and link.xero_id and link.parent_xero_id == document.xero_id
        named = link.xero_number if known else ""
        return named if named in (plain, numbered_name(plain, file.id)) else ""

    def _add_all_theirs(self, organisation, run, records, links, placed, there):
        """What others put there, on each document that is to get a file of a new name."""
        new = {
            placed[file.id] for file in records
            if file.id in placed and not self._name_there(file, links.get(file.id), placed[file.id])
            and attachment_name(file.name).casefold() not in there[placed[file.id].xero_id]
        }  # fmt: skip
        for document in new:
            self._add_theirs(organisation, run, document, there[document.xero_id])

    def _living(self, there):
        """Links of files that are still in Odoo."""
        links = self.env["xero.link"].union(*(link for files in there.values() for link in files.values()))
        ours = links.filtered(lambda link: link.res_model == self._res_model)
        files = self.env[self._res_model].browse(ours.mapped("res_id")).exists()
        return links - ours.filtered(lambda link: link.res_id not in files._ids)

    def _encode_one(self, organisation, file, links, document, there, living):
        link = links.get(file.id) or self.env["xero.link"]
        plain = attachment_name(file.name)
        twin = there.get(plain.casefold())
        if isinstance(twin, Theirs):
            if twin.size == file.file_size:
                del there[plain.casefold()]  # the same, from a life that this database forgot
            twin = None
        if twin and twin != link and _digest(file, plain, document) == (
            twin.digest if _is_link(twin) else _digest(twin, plain, document)
        ):
            return self._as_its_twin(organisation, file, links, twin, not _is_link(twin) or twin in living)
        name = self._name_there(file, link, document) or free_name(
            plain, file.id, there, lambda other: _is_link(other) and (other == link or other not in living)
        )
        self._check(file, name, there)
        other = there.get(name.casefold())
        if _is_link(other) and other != link:
            other.write({"xero_id": False})  # its file was deleted here; this one takes its place
        there[name.casefold()] = file
        here = bool(link.xero_id) and link.parent_xero_id == document.xero_id
        return Element(
            file.id, {"FileName": name, "MimeType": _mimetype(file)}, _digest(file, name, document), create=not here,
            path=f"{document.resource}/{document.xero_id}/Attachments", remote={"document": document.xero_id},
            told={"name": name, "size": _megabytes(file)},
        )  # fmt: skip

    def _as_its_twin(self, organisation, file, links, twin, twice):
        """The same name and content is on the document already: no call. Where the file that put it there was deleted,
        this one stands for it from now on."""
        if not twice:
            values = {name: twin[name] for name in ("xero_id", "xero_number", "parent_xero_id", "digest")}
            twin.write({"xero_id": False})
            twin.flush_recordset(["xero_id"])  # no two links of one id, not even between two statements
            links[file.id] = self._write_link(organisation, file.id, links.get(file.id), values)

    def _check(self, file, name, there):
        """:raise Problem: Xero would not take it; the document goes all the same"""
        if not file.file_size:
            raise Problem("file_empty", name=name)
        if file.file_size > LARGEST_REQUEST:
            raise Problem("file_too_large", name=name, size=_megabytes(file))
        if name.casefold() not in there and len(there) >= MOST:
            raise Problem("files_too_many", name=name)

    def _content(self, organisation, run, record):
        return record.raw or b""


def _is_link(one):
    """What has a name already: a link, or a file that gets it in this very batch."""
    return one is not None and one._name == "xero.link"


def _mimetype(file):
    return file.mimetype or "application/octet-stream"


def _digest(file, name, document):
    """Of a file under ``name`` on the document of that link."""
    return digest_of({
        "FileName": name, "MimeType": _mimetype(file), "Checksum": file.checksum or "", "Document": document.xero_id,
    })  # fmt: skip


def _megabytes(file):
    return f"{file.file_size / MEGABYTE:.1f}"
