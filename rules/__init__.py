"""The agreement and its arithmetic: pure functions of frozen values. Floor 1 of the house.

`rules.agreement` says what an agreement is, `rules.reading` reads one, `rules.outcome` applies one to a position.
"""
