"""The front desk: one function per verb, with a frozen request and result.

Permission, audit, correlation id and error mapping happen in ``front_desk.verb`` and nowhere else.
"""
