"""Outcomes and conclusions drawn from small facts, by durable-rules or by plain chaining over the same rules."""
