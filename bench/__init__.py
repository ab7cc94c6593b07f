"""What it costs: `python -m bench` (see `__main__.py`)."""
