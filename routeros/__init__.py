"""The only room that speaks to devices: the REST client, observe and write.

session   connections, one request at a time per device and user, timeouts, trace
tls       who may receive a login: a pinned certificate, a CA, or (lab only) anybody
client    requests and replies of one device in RouterOS's terms; errors translated
identify  which device answered
observe   menus to ``Observed``; never writes
write     one ``Change`` to one call
"""
