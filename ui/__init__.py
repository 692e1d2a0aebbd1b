"""The desktop program: windows over the one Settlement that the floors below work out. Floor 4 of the house.

It asks and shows. No figure is worked out here, and no ledger is touched on the thread that draws.
"""
