"""What every part of the simulator stands on: clock, world, call, errors, routing, JSON."""
