"""The simulator: a day of `vakhta.demo.calls` played through the public ports.

`door` hands contacts over by the API, `hands` works the operator's and the technician's pages as a
browser without JavaScript would, `play` keeps the time, `ledger` remembers what was answered
«accepted» and compares it with what the system holds. Nothing here touches the database.
"""
