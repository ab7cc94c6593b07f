"""The accounting API from inside, without HTTP, tokens or limits: for tests of rules, of which there are many."""
from simulator.core import wire
from simulator.core.dispatch import internal
from simulator.core.world import World

COUNTRIES = {"NZ": "NZ", "AU": "AU", "UK": "GB", "US": "US"}


class Bookkeeper:
    """One organisation of a world of its own. Calls return parsed bodies; what is refused is ``messages``."""

    def __init__(self, country="NZ"):
        self.world = World()
        country = COUNTRIES[country]
        self.organisation = next(each for each in self.world.organisations.values() if each.country == country)
        self.books = self.organisation.books

    def call(self, method, path, body=None, headers=None, **query):
        answer = internal(self.world, self.organisation, method, path, query, body, headers)
        return answer.status, (wire.loads(answer.body) if answer.body.startswith(b"{") else answer.body)

    def get(self, path, headers=None, **query):
        status, body = self.call("GET", path, headers=headers, **query)
        assert status == 200, (status, body)
        return body

    def write(self, resource, element, method="PUT", path=None, **query):
        """One element, saved: as it came back."""
        status, body = self.call(method, path or f"/{resource}", {resource: [element]}, **query)
        assert status == 200, (status, body)
        return body[resource][0]

    def messages(self, resource, element, method="PUT", path=None, **query):
        """One element, refused: its messages, and nothing was saved."""
        status, body = self.call(method, path or f"/{resource}", {resource: [element]}, **query)
        assert status == 400 and body["ErrorNumber"] == 10, (status, body)
        return [error["Message"] for error in body["Elements"][0]["ValidationErrors"]]

    # ---- shorthands ---------------------------------------------------------------------------

    def contact(self, name="City Limousines"):
        return {"ContactID": self.books.contact_named(name)["ContactID"]}

    def line(self, **more):
        account = more.pop("account", "200")
        if self.is_us:
            account = {"200": "4000", "400": "6000"}[account]
        return {"Description": "Work", "Quantity": 1, "UnitAmount": 100, "AccountCode": account, **more}

    @property
    def is_us(self):
        return self.organisation.country == "US"

    def element(self, **more):
        """An authorised sales invoice (or what ``Type`` says) of one line."""
        return {
            "Type": "ACCREC", "Contact": self.contact(), "Date": "2026-10-01", "DueDate": "2026-11-01",
            "Status": "AUTHORISED", "LineItems": [self.line()], **more,
        }

    def invoice(self, **more):
        return self.write("Invoices", self.element(**more))

    def credit_note(self, **more):
        element = self.element(Type="ACCRECCREDIT", **more)
        del element["DueDate"]
        return self.write("CreditNotes", element)

    def payment_element(self, invoice, amount, **more):
        return {
            "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"}, "Date": "2026-10-15",
            "Amount": amount, **more,
        }

    def pay(self, invoice, amount, **more):
        return self.write("Payments", self.payment_element(invoice, amount, **more))

    def again(self, invoice):
        return self.get(f"/Invoices/{invoice['InvoiceID']}")["Invoices"][0]

    def change(self, invoice, **more):
        return self.write("Invoices", {"InvoiceID": invoice["InvoiceID"], **more}, "POST")

    def refused_change(self, invoice, **more):
        return self.messages("Invoices", {"InvoiceID": invoice["InvoiceID"], **more}, "POST")
