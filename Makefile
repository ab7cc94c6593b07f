# Names for the commands of dev/run, which installs whatever it needs. `make` alone lists them.
.PHONY: help demo test scenario lint bench screenshots errors-page clean lock test-odoo

help:
	@echo "make demo               Odoo with demo data, PostgreSQL and the simulator, until Ctrl-C"
	@echo "                        (ODOO_PORT=8069, SIMULATOR_PORT=8070)"
	@echo "make test [ARGS=...]    all tests; ARGS goes to pytest, for instance ARGS='-k contact'"
	@echo "make test-odoo          Odoo's own accounting tests without and with the addon, and what only the"
	@echo "  [ONLY=TestAccountMove]  second fails (15 minutes; ONLY: names of tests or classes)"
	@echo "make lint               ruff, pylint-odoo's mandatory set, checks of XML and CSV"
	@echo "make bench [ONLY=name]  what it costs, into bench/results.json"
	@echo "make scenario [SEED=n] [DOCUMENTS=n]  a month of business on both sides, in the order of its seed"
	@echo "make screenshots        the pictures of docs/, taken anew; make errors-page: docs/errors.md"
	@echo "make clean              remove everything that was installed here (.run)"
	@echo "make lock               renew the pins of dev/requirements.lock from dev/requirements.in"
	@echo "ODOO_HOME=/path         use that Odoo 19 instead of Debian's"
	@echo "dev/run --help          the inner loop: single tests, a shell, psql"

demo:
	@dev/run demo

test:
	@dev/run test $(ARGS)

test-odoo:
	@dev/run test-odoo $(ONLY)

lint:
	@dev/run lint

scenario:
	@XERO_SCENARIO_SEED=$(or $(SEED),2026) XERO_SCENARIO_DOCUMENTS=$(or $(DOCUMENTS),300) \
		dev/run test --db xero_scenario tests/scenario/test_month.py -k whole_month --timeout 3600

bench:
	@dev/run bench $(ONLY)

screenshots:
	@dev/run screenshots

errors-page:
	@dev/run errors-page

clean:
	@dev/run clean

lock:
	@dev/run lock
