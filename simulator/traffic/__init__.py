"""What happens to a call on its way in and out: log, latency, ordered faults, rate limits, idempotency."""
