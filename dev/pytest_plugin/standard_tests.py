"""A pytest plugin: only the tests that Odoo's own runner takes by default, those with the tag `standard`."""


def pytest_collection_modifyitems(config, items):
    others = [item for item in items if "standard" not in getattr(item.cls, "test_tags", ("standard",))]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]
