"""Judge one HTTP exchange by Xero's published OpenAPI file: nobody here decides what is right.

    contract = load("xero_accounting.yaml")           # None where the file is not at hand
    contract.request("POST", "/Invoices", query, headers, body)   -> list of problems
    contract.response("POST", "/Invoices", 200, body)             -> list of problems

Paths are relative to /api.xro/2.0. The published file requires almost nothing (an Invoice has no required field,
unknown keys pass), so ``strict`` adds three rules that Xero's own documentation states: no unknown request property,
no read-only property sent, the least fields a create needs. It judges types, enums, lengths and names; behaviour it
cannot know.

Xero's files are not part of this project. They are looked for in the folder that ``XERO_SPEC_DIR`` names, else in
``../shared/xero/spec`` beside the checkout. This module imports no Odoo and may be loaded by its path alone.
Needs PyYAML, openapi-schema-validator, referencing.
"""
import os
import re
from functools import lru_cache
from pathlib import Path

import yaml
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

METHODS = {"get", "put", "post", "delete", "patch"}
IDENTIFIER = {"Invoices": "InvoiceID", "CreditNotes": "CreditNoteID", "Payments": "PaymentID", "Contacts": "ContactID"}
LEAST_TO_CREATE = {
    "Invoices": {"Type", "Contact", "LineItems"},
    "CreditNotes": {"Type", "Contact", "LineItems"},
    "Payments": {"Amount", "Account"},
    "Contacts": {"Name"},
}
# Xero's own Python SDK always sends these read-only flags, and Xero ignores them.
SENT_BY_SDK = {"HasAttachments", "HasErrors", "HasValidationErrors", "HasAccount"}
MISSING = "Xero's OpenAPI file {} is not at hand: set XERO_SPEC_DIR to the folder that holds it"


def spec_file(name):
    """Path of one of Xero's files, or None."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "xero" / "spec"
    path = Path(os.environ.get("XERO_SPEC_DIR") or beside) / name
    return path if path.is_file() else None


@lru_cache
def load(name="xero_accounting.yaml", strict=True):
    """The judge by that file, or None where the file is not at hand (say ``MISSING`` when you skip)."""
    path = spec_file(name)
    return XeroContract(path, strict) if path else None


class _Loader(yaml.CSafeLoader):
    """Leaves ISO dates as text: the file means them as examples, not as values."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _absolute(node):
    """Local references as absolute ones, so that a fragment can be validated on its own."""
    if isinstance(node, list):
        return [_absolute(item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str) and node["$ref"].startswith("#"):
        return {"$ref": "urn:xero" + node["$ref"]}
    return {key: _absolute(value) for key, value in node.items()}


def _shortened(message):
    """The value that is wrong may be long, and what is wrong about it stands at the end."""
    return message if len(message) <= 160 else f"{message[:60]}…{message[-90:]}"


class XeroContract:
    def __init__(self, spec_path, strict=True):
        with open(spec_path, encoding="utf-8") as stream:
            self.spec = yaml.load(stream, Loader=_Loader)
        self.strict = strict
        self.schemas = self.spec["components"].get("schemas", {})
        resource = Resource(contents=_absolute(self.spec), specification=DRAFT202012)
        self.registry = Registry().with_resource("urn:xero", resource)
        self._validators = {}
        self.operations = sorted(
            (
                (method, path.count("{"), self._pattern(path), path, item, item[method])
                for path, item in self.spec["paths"].items()
                for method in METHODS & set(item)
            ),
            key=lambda operation: operation[1],
        )

    # ---- judging -------------------------------------------------------------------------

    def request(self, method, path, query=None, headers=None, body=None):
        """Problems of a request as sentences; ``body`` is parsed JSON or None."""
        template, item, operation = self._operation(method, path)
        if operation is None:
            return [f"{method} {path}: not an operation of the API"]
        problems = self._parameter_problems(item, operation, query or {}, headers or {})
        schema = self._json_schema(operation.get("requestBody"))
        if schema is None or body is None:
            return problems
        root = schema.get("$ref", "").rsplit("/", 1)[-1]
        envelope = self.schemas.get(root, {}).get("properties", {})
        if isinstance(body, dict) and root in envelope and root not in body:
            schema = envelope[root]["items"]  # Xero takes a bare element too
        problems += self._body_problems(OAS30WriteValidator, schema, body)
        if self.strict:
            self._collect_unknown(schema, body, "", problems)
            if template == f"/{root}" and root in LEAST_TO_CREATE:
                problems += self._incomplete_creates(root, body)
        return problems

    def response(self, method, path, status, body):
        """Problems of an answer; one whose status the file does not describe has none."""
        _template, _item, operation = self._operation(method, path)
        if operation is None:
            return [f"{method} {path}: not an operation of the API"]
        answers = self.spec["components"].get("responses", {})
        answer = operation["responses"].get(str(status))
        if answer is None and status == 400:
            answer = answers.get("400Error")
        if answer is None:
            return []
        if "$ref" in answer:
            answer = answers[answer["$ref"].rsplit("/", 1)[-1]]
        schema = self._json_schema(answer)
        return self._body_problems(OAS30ReadValidator, schema, body) if schema else []

    def knows(self, method, path):
        """Whether the file describes this operation."""
        return self._operation(method, path)[2] is not None

    # ---- reading the file ----------------------------------------------------------------

    @staticmethod
    def _pattern(path):
        return re.compile("^" + re.sub(r"\{[^}]+\}", "([^/]+)", path) + "/?$")

    def _operation(self, method, path):
        for candidate, _holes, pattern, template, item, operation in self.operations:
            if candidate == method.lower() and pattern.match(path):
                return template, item, operation
        return None, None, None

    def _parameters(self, item, operation):
        for parameter in (item.get("parameters") or []) + (operation.get("parameters") or []):
            if "$ref" in parameter:
                name = parameter["$ref"].rsplit("/", 1)[-1]
                parameter = self.spec["components"]["parameters"][name]
            yield parameter

    @staticmethod
    def _json_schema(holder):
        content = (holder or {}).get("content") or {}
        return content.get("application/json", {}).get("schema")

    # ---- problems ------------------------------------------------------------------------

    def _parameter_problems(self, item, operation, query, headers):
        problems = []
        sent = {name.lower() for name in headers}
        known = set()
        for parameter in self._parameters(item, operation):
            name, place = parameter["name"], parameter["in"]
            if place == "query":
                known.add(name)
                if parameter.get("required") and name not in query:
                    problems.append(f"missing query {name}")
            elif place == "header" and parameter.get("required") and name.lower() not in sent:
                problems.append(f"missing header {name}")
        problems += [f"unknown query parameter {name}" for name in query if name not in known]
        return problems

    def _body_problems(self, validator, schema, body):
        key = (validator, repr(schema))
        if key not in self._validators:
            self._validators[key] = validator(
                _absolute(schema), registry=self.registry, format_checker=oas30_format_checker
            )
        return [
            "/".join(map(str, error.absolute_path)) + ": " + _shortened(error.message)
            for error in self._validators[key].iter_errors(body)
            if error.instance is not None  # the file never says nullable; Xero sends null, and takes it as "not sent"
            and not self._is_sdk_flag(error)
        ]

    @staticmethod
    def _is_sdk_flag(error):
        return error.validator == "readOnly" and error.absolute_path and error.absolute_path[-1] in SENT_BY_SDK

    def _collect_unknown(self, schema, value, where, problems):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[-1]]
        if isinstance(value, dict) and schema.get("properties"):
            for key, inner in value.items():
                if key in schema["properties"]:
                    self._collect_unknown(schema["properties"][key], inner, f"{where}/{key}", problems)
                else:
                    problems.append(f"{where}/{key}: unknown property")
        elif isinstance(value, list) and "items" in schema:
            for index, inner in enumerate(value):
                self._collect_unknown(schema["items"], inner, f"{where}/{index}", problems)

    @staticmethod
    def _incomplete_creates(root, body):
        elements = body.get(root, [body]) if isinstance(body, dict) else body
        return [
            f"{root}/{index}: create without {key}"
            for index, element in enumerate(elements)
            if IDENTIFIER[root] not in element
            for key in sorted(LEAST_TO_CREATE[root] - set(element))
        ]
