"""Contacts on both sides, what employees spend, and files."""

from ..expenses.common import PIXEL


class PeopleSteps:
    # ---- contacts -------------------------------------------------------------------------------------

    def contact_made_there(self):
        """Known here after the next run of the worker."""
        name = self.number("From Xero")
        sale = self.chance(0.5)
        self.books("Contacts", "PUT", {"Name": name, "EmailAddress": f"{name[-4:]}@there.example"})
        self.test.cycle()
        self.touched.clear()
        partner = self.env["res.partner"].search([("name", "=", name)])
        (self.customers if sale else self.suppliers).append(partner)
        return name

    def known_partner(self):
        """One that both sides know; (its list, the partner) or (None, None)."""
        return next(self.known_people(), (None, None))

    def known_people(self, some=None):
        people = [(some, partner) for some in ([some] if some else (self.customers, self.suppliers))
                  for partner in self.test.with_contact(some)]  # fmt: skip
        self.random.shuffle(people)
        return iter(people)

    def idle_partner(self, some=None, but=None):
        """As :meth:`known_partner`, but one that nothing is open of, and not the last of its list."""
        for mine, partner in self.known_people(some):
            if partner != but and len(mine) > 3 and not self.test.is_open(partner):
                return mine, partner
        return None, None

    def contact_edit_here(self):
        _some, partner = self.known_partner()
        if not partner:
            return None
        partner.write(self.random.choice([
            {"name": f"{partner.name} Ltd"}, {"phone": f"+64 9 {self.random.randrange(1000000, 9999999)}"},
            {"street": f"{self.random.randrange(1, 99)} Quay St", "city": "Auckland", "zip": "1010"},
        ]))  # fmt: skip
        return partner.name

    def contact_edit_there(self):
        _some, partner = self.known_partner()
        if not partner:
            return None
        change = self.random.choice([
            {"Name": self.number("Renamed")}, {"EmailAddress": f"{self.number('new').lower()}@there.example"},
            {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": f"555 {self.random.randrange(1000, 9999)}"}]},
        ])  # fmt: skip
        self.books("Contacts", "POST", {"ContactID": self.test.contact_of(partner)} | change)
        return f"{partner.name} {change}"

    def contact_archive_here(self):
        some, partner = self.idle_partner()
        if not partner:
            return None
        some.remove(partner)
        partner.action_archive()
        return partner.name

    def contact_archive_there(self):
        some, partner = self.idle_partner()
        if not partner:
            return None
        some.remove(partner)
        self.sim.organisation("NZ", archive_contact=self.test.contact_of(partner))
        return partner.name

    def contact_merge_here(self):
        """Odoo's own wizard: everything of one partner is the other's."""
        for some, partner in self.known_people():
            _some, target = self.idle_partner(some, partner) if self.can_be_merged_here(some, partner) else (None, None)
            if target:
                some.remove(partner)
                names = f"{partner.name} into {target.name}"
                self.env["base.partner.merge.automatic.wizard"]._merge([partner.id, target.id], target)
                return names
        return None

    def can_be_merged_here(self, some, partner):
        """Nobody works on a document of it, nothing is open, and it has no credit: of a document with credit on it,
        Xero changes the contact no more."""
        worked_on = self.env["account.move"].browse(self.touched).filtered(lambda move: move.partner_id == partner)
        return len(some) > 3 and not worked_on and not self.test.is_open(partner) and not self.test.has_credit(partner)

    def contact_merge_there(self):
        """Both have partners here, so a person decides afterwards: :meth:`decide_merges`."""
        some, partner = self.idle_partner()
        _some, target = self.idle_partner(some, partner) if partner else (None, None)
        if not target:
            return None
        some.remove(partner)
        self.sim.organisation("NZ", merge_contact={
            "source": self.test.contact_of(partner), "target": self.test.contact_of(target),
        })  # fmt: skip
        return f"{partner.name} into {target.name}"

    def decide_merges(self):
        """Take Xero's, of contacts that were merged there. :return bool: whether there were any"""
        rows = self.env["xero.difference"].search([("state", "=", "open"), ("resource", "=", "Contacts")])
        for row in rows:
            row.action_take_xero()
        return bool(rows)

    # ---- expenses -------------------------------------------------------------------------------------

    def expense_of_employee(self):
        return self.test.spend(self.day(), self.spent(), "own_account")

    def expense_of_company(self):
        return self.test.spend(self.day(), self.spent(), "company_account", self.random.choice(self.suppliers))

    def spent(self):
        return round(self.random.uniform(5, 300), 2)

    # ---- files ----------------------------------------------------------------------------------------

    def attachment_here(self):
        move = self.work_on(self.open_documents())
        if not move:
            return None
        name = f"{self.number('file').lower()}.png"
        self.env["ir.attachment"].create(
            {"name": name, "raw": PIXEL + name.encode(), "res_model": move._name, "res_id": move.id}
        )
        return f"{name} on {move.name}"
