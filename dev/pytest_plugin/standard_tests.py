"""A pytest plugin: only what Odoo's own runner takes by default, the test cases with the tag `standard`.

Functions called `test_…` beside them are helpers, or scripts for databases of their own.
"""


def pytest_collection_modifyitems(config, items):
    others = [item for item in items if "standard" not in getattr(item.cls, "test_tags", ())]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]
