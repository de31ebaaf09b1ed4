"""The reference client: imports a school's results as Magister does, and as the manual says.

    settings -> api -> importer -> store

`settings` holds the three fields of the manual (H03); `api` asks for one batch over SOAP;
`importer` asks until no more results are found; `store` keeps results and mark in one
transaction. It imports nothing of mockserver: it would work on any server with this contract.
"""
