"""How a bare Debian machine gets Odoo, PostgreSQL, a browser and the simulator. `dev/run help` lists the commands.

Everything here runs on the machine's own Python with the standard library alone, because it is what builds
the virtual environment.
"""
