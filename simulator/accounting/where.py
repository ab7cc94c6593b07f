"""The ``where`` and ``order`` languages of list calls.

``Type=="ACCREC" AND Date>=DateTime(2020,01,01)``, ``Contact.ContactID==guid("…")``, ``Name.Contains("x")``,
``!(…)``, ``&&``, ``||``, ``== null``. Text is compared without regard to case and accents, as Xero does.
"""
import operator
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"\\]|\\.)*\")|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<operator>==|!=|<>|>=|<=|&&|\|\||[=<>!(),]))"
)
COMPARE = {
    "==": operator.eq, "=": operator.eq, "!=": operator.ne, "<>": operator.ne,
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}
# ``Name.ToLower()`` means nothing here, since text is compared without case; text in quotes is left alone.
LETTER_CASE = re.compile(r'("(?:[^"\\]|\\.)*")|\.To(?:Lower|Upper)\(\)')
TEXT_TESTS = {
    "contains": lambda text, part: part in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


class QueryError(ValueError):
    """The text is no ``where`` or ``order`` clause, or names a field that the resource does not have."""


@lru_cache(maxsize=65536)
def fold(text):
    """``text`` as Xero compares it: no case, no accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def comparable(value):
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    return value


class Where:
    """A parsed clause. ``fields``: lower-case dotted name -> function(row) -> value.

    ``equalities``: what the clause as a whole demands, field -> value; a table may use it to look up by index.
    """

    def __init__(self, text, fields):
        self.fields = fields
        self.tokens = self._tokens(text)
        self.position = 0
        self.equalities = {}
        self.test = self._either()
        if self.position != len(self.tokens):
            raise QueryError(f"Syntax error at '{self.tokens[self.position][1]}'")

    def __call__(self, row):
        return self.test(row)

    @staticmethod
    def _tokens(text):
        text = LETTER_CASE.sub(lambda found: found.group(1) or "", text).rstrip()
        tokens, position, end = [], 0, len(text)
        while position < end:
            found = TOKEN.match(text, position)
            if not found:
                raise QueryError(f"Syntax error '{text[position:position + 20]}'")
            tokens.append((found.lastgroup, found.group(found.lastgroup)))
            position = found.end()
        if not tokens:
            raise QueryError("Expression expected")
        return tokens

    # ---- grammar -----------------------------------------------------------------------------

    def _peek(self):
        return self.tokens[self.position] if self.position < len(self.tokens) else (None, None)

    def _take(self, *expected):
        kind, value = self._peek()
        if kind is None or (expected and (value or "").lower() not in expected):
            raise QueryError(f"{' or '.join(expected) or 'Expression'} expected")
        self.position += 1
        return kind, value

    def _next_is(self, *values):
        kind, value = self._peek()
        if kind in ("operator", "name") and value.lower() in values:
            self.position += 1
            return True
        return False

    def _either(self):
        tests = [self._both()]
        while self._next_is("||", "or"):
            tests.append(self._both())
        if len(tests) == 1:
            return tests[0]
        self.equalities = {}  # one branch's demand is not the clause's
        return lambda row: any(test(row) for test in tests)

    def _both(self):
        tests = [self._single()]
        while self._next_is("&&", "and"):
            tests.append(self._single())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _single(self):
        if self._next_is("!", "not"):
            kept = dict(self.equalities)
            inner = self._single()
            self.equalities = kept
            return lambda row: not inner(row)
        if self._next_is("("):
            inner = self._either()
            self._take(")")
            return inner
        return self._comparison()

    def _comparison(self):
        left, name = self._operand()
        kind, symbol = self._peek()
        if kind != "operator" or symbol not in COMPARE:
            if name is None:
                raise QueryError("Expression of type 'Boolean' expected")
            return lambda row: bool(left(row))
        self.position += 1
        right, right_name = self._operand()
        if symbol in ("==", "=") and name and right_name is None:
            self.equalities[name] = right(None)
        return self._compare(COMPARE[symbol], left, right)

    @staticmethod
    def _compare(compare, left, right):
        ordered = compare not in (operator.eq, operator.ne)

        def test(row):
            one, other = comparable(left(row)), comparable(right(row))
            if ordered and (one is None or other is None):
                return False
            try:
                return compare(one, other)
            except TypeError:
                raise QueryError("Operator incompatible with operand types") from None

        return test

    def _operand(self):
        """(function(row) -> value, the field's name or None for a literal)."""
        kind, value = self._take()
        if kind == "text":
            literal = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
            return (lambda _row: literal), None
        if kind == "number":
            number = Decimal(value)
            return (lambda _row: number), None
        if kind != "name":
            raise QueryError(f"Expression expected at '{value}'")
        return self._named(value)

    def _named(self, name):
        word = name.lower()
        if word in ("true", "false", "null"):
            constant = {"true": True, "false": False, "null": None}[word]
            return (lambda _row: constant), None
        if self._peek()[1] == "(":
            return self._called(word)
        if word not in self.fields:
            raise QueryError(f"No property or field '{name}' exists")
        return self.fields[word], word

    def _called(self, word):
        arguments = self._arguments()
        if word in ("guid", "guid.parse"):
            literal = str(arguments[0]).lower()
            return (lambda _row: literal), None
        if word in ("datetime", "datetime.parse"):
            moment = self._moment(arguments)
            return (lambda _row: moment), None
        field, _dot, method = word.rpartition(".")
        if field not in self.fields:
            raise QueryError(f"No property or field '{field or word}' exists")
        getter = self.fields[field]
        if method not in TEXT_TESTS or len(arguments) != 1:
            raise QueryError(f"No applicable method '{method}' exists")
        return self._text_test(TEXT_TESTS[method], getter, fold(str(arguments[0]))), field + "()"

    @staticmethod
    def _text_test(test, getter, part):
        def found(row):
            value = getter(row)
            return value is not None and test(fold(str(value)), part)

        return found

    def _arguments(self):
        self._take("(")
        arguments = []
        while not self._next_is(")"):
            value, name = self._operand()
            if name is not None:
                raise QueryError("Only literals may be arguments")
            arguments.append(value(None))
            if self._peek()[1] != ")":
                self._take(",")
        return arguments

    @staticmethod
    def _moment(arguments):
        try:
            if len(arguments) == 1:
                return datetime.fromisoformat(arguments[0]).replace(tzinfo=None)
            return datetime(*(int(part) for part in arguments))
        except (TypeError, ValueError) as error:
            raise QueryError(f"Invalid date: {error}") from error


def order_by(text, fields):
    """Sort keys of ``Date DESC, InvoiceNumber``: a list of (function(row), descending), last one first."""
    keys = []
    for part in text.split(","):
        words = part.split()
        if not words or len(words) > 2 or words[-1].lower() not in ("asc", "desc", words[0].lower()):
            raise QueryError(f"Invalid order '{part}'")
        getter = fields.get(words[0].lower())
        if getter is None:
            raise QueryError(f"No property or field '{words[0]}' exists")
        keys.append((getter, len(words) == 2 and words[1].lower() == "desc"))
    return keys[::-1]


def ordered(rows, text, fields):
    """``rows`` sorted by an ``order`` clause; rows without a value come first, as in SQL Server."""
    for getter, descending in order_by(text, fields):
        rows = sorted(
            rows, key=lambda row, get=getter: ((value := comparable(get(row))) is not None, value), reverse=descending
        )
    return rows
