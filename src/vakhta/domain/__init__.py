"""Rules of the service in plain Python: standard library only, no I/O, no now()."""
