"""What the simulator starts with: four organisations, each of its own country."""
from .countries import AU, NZ, UK, US
from .planting import plant_organisation


def plant(world):
    """Add the organisations to ``world``. Their ids are the same on every start."""
    for country in (NZ, AU, UK, US):
        plant_organisation(world, country)
