"""Simulates the web service from which Magister fetches the test results of JIJ!.

The way of a call goes in one direction, and no stage imports another:

    bytes -> guard -> wire -> Call -> access -> Grant -> results -> Batch -> wire -> Reply

`messages`   the frozen dataclasses that cross a boundary
`faults`     every refusal, in one table
`contract/`  every name on the wire with its mark, the spyne types, the published WSDL
`guard/`     hostile or malformed bytes end here; `limits` says how much is too much
`wire`       XML <-> messages; with `contract` the only user of spyne
`access`     which school a call may see
`results`    selection, keyset batches, signed cursors; `database` has the tables
`dataset/`   a seeded recipe -> pupils and results; `fragment` writes a result as XML, once
`scenario`   TOML -> a frozen Scenario; `mistakes` puts what is wrong with a file into words;
             `clauses` has the manual in this project's words
`schools`    brings a scenario's schools into the database
`session`    a school that plays a scenario: its keys, its data, its clock
`service`    the order of the stages; `app` puts it under Flask, `server` behind a socket;
             `connection` has cheroot's connections with deadlines, `tls` the certificates
`errors`     what a user can mend, with its exit code
`log`        one line a call
`play`       lets a client play a scenario and compares what it stored
`commands/`  the server's side of the command `koppeling`
"""
