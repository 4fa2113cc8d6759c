"""Which fields hold secrets: one table of verdicts by name, and one rule for names nobody has judged yet.

What smells of a secret, can hold free text and has no verdict counts as a secret: a secret shown is gone for
good, a harmless field hidden is only not compared. The knowledge of a menu overrules all of it, with
``secret: true`` or ``secret: false``.
"""

from __future__ import annotations

import re

SECRET = frozenset(
    (
        # passwords
        "password authentication-password challenge-password connection-request-password eap-password "
        "encryption-password mac-auth-password mschapv2-password nvme-tcp-password nvme-tcp-server-password "
        "paypal-password self-encryption-password smb-password smb-server-password socks5-password "
        "sshfs-password web-private-password passphrase private-passphrase pin sim-pin "
        # secrets that two ends share
        "secret secrets hkdf-secret ipsec-secret nv2-sync-secret otp-secret ppk-secret shared-secret "
        "nv2-preshared-key preshared-key private-pre-shared-key wpa-pre-shared-key wpa2-pre-shared-key "
        # keys
        "auth-key cak enc-key encryption-key key-val management-protection-key mtik-key private-key "
        "reconfigure-key secret-download-key static-key-0 static-key-1 static-key-2 static-key-3 "
        "static-sta-private-key tcp-md5-key vpn-peer-private-key vpn-private-key "
        # what proves who speaks, and what holds a key inside
        "paypal-signature peer-cookie send-cookie vpn-wireguard-client-config vpn-wireguard-client-config-qrcode"
    ).split()
)
"""Secret wherever they stand. Of a dotted name (``security.passphrase``) the last part counts."""

VISIBLE = frozenset(
    (
        # names of keys and of groups of secrets, and public halves
        "key-chain key-id multi-passphrase-group public-key remote-key vpn-peer-public-key vpn-public-key "
        # sizes, times, counts and marks of packets
        "enc-key-size ft-r0-key-lifetime gre-key group-key-update http-cookie-lifetime key-size lacp-user-key "
        "mac-cookie-timeout minimum-password-length token-refresh-handicap total-keys-received "
        "ddos-cookie-threshold "
        # words to choose from, where the inspect tree does not say which
        "allow-sharedkey always-allow-password-login key-usage password-format private-algo "
        "static-sta-private-algo static-transmit-key "
        # the signature under a public list, the name of a login, blocks of memory
        "signature web-private-username private-mem-blocks "
        # empty or same-as-user: exports print it
        "radius-password "
        # unproven: a community of SNMP v1 and v2c works as a password, but it is the name of its row
        "trap-community"
    ).split()
)
"""They smell of a secret and hold none."""

BY_MENU: dict[tuple[str, str], bool] = {
    ("/container/envs", "key"): False,  # the variable's name
    ("/iot/lora/servers", "key"): True,
    ("/ip/dhcp-server/config", "radius-password"): True,  # any text, besides empty and same-as-user
    ("/ip/ipsec/identity", "key"): False,  # a name in /ip/ipsec/key
    ("/ip/ipsec/key/psk", "key"): True,
    ("/lora/servers", "key"): True,
    ("/routing/rip/keys", "key"): True,
    ("/system/ntp/client/servers", "auth-key"): False,  # a key-id of /system/ntp/key
    ("/system/ntp/server", "auth-key"): False,
    ("/user/ssh-keys", "key"): False,  # the public half
}
"""Names that mean one thing here and another there: whether it is a secret in this menu."""

_SMELL = re.compile(
    r"pass-?(word|phrase|wd|code)|secret|psk|key|token|credential"
    r"|(?<![a-z])(pin|puk|t?otp|cak|cookie|community|signature|private)(?![a-z])"
)
_CHOICE = re.compile(r"!?(loose\(|set\(|list\()*(bool|flag|enum\([^()]*\))\)*")
_FREE_TEXT = re.compile(r"\btext\b")
_ENUM = re.compile(r"enum\([^()]*\)")


def smells(name: str) -> bool:
    """Whether a name sounds like a secret's. Somebody has to give each such field a verdict."""
    return _SMELL.search(_last(name)) is not None


def is_choice(expression: str) -> bool:
    """Whether a type only has words to choose from, which tell nothing."""
    return _CHOICE.fullmatch(expression) is not None


def is_secret(path: str, name: str, expression: str = "text") -> bool:
    """Whether a field holds a secret, by menu, name and type expression."""
    last = _last(name)
    if is_choice(expression):
        return False
    here = BY_MENU.get((path, last))
    if here is not None:
        return here
    if last in SECRET or last in VISIBLE:
        return last in SECRET
    return smells(last) and _FREE_TEXT.search(_ENUM.sub("", expression)) is not None


def _last(name: str) -> str:
    return name.rpartition(".")[2].lower()
