"""The peers of the engine benchmarks, as their documentation sets them up, run from their packages."""
