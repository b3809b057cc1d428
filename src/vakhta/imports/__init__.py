"""Housing stock out of the tables that companies keep: files, their columns, their rows, into `places`."""
