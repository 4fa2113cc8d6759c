"""No secret of any menu in any version is left without a verdict."""

from pathlib import Path

import pytest

from schemas.catalogue.artefact import merge
from schemas.catalogue.facts import read
from schemas.catalogue.load import HERE, Catalogue, open_catalogue
from schemas.catalogue.secrecy import BY_MENU, SECRET, VISIBLE, is_choice, is_secret, smells
from schemas.path import MenuPath

MENUS = read()[1]


def last(name: str) -> str:
    return name.rpartition(".")[2]


def test_every_field_that_smells_of_a_secret_has_a_verdict() -> None:
    missing = [
        f"{path} {item.name} ({expression})"
        for path, menu in MENUS.items()
        for item in menu.fields.values()
        for expression in set(item.types.values())
        if smells(item.name) and not is_choice(expression)
        if (path, last(item.name)) not in BY_MENU and last(item.name) not in SECRET | VISIBLE
    ]
    assert missing == [], "Judge them in schemas/catalogue/secrecy.py."


def test_verdicts_name_fields_that_exist_and_say_one_thing() -> None:
    names = {last(name) for menu in MENUS.values() for name in menu.fields}
    assert names >= SECRET | VISIBLE
    assert not SECRET & VISIBLE
    assert {(path, name) for path, menu in MENUS.items() for name in menu.fields} >= BY_MENU.keys()
    assert {name for name in VISIBLE if not smells(name)} == set(), "These need no verdict."


@pytest.mark.parametrize(
    "field",
    (
        "/user password|/ppp/secret password|/interface/wireguard private-key|/interface/wireguard/peers preshared-key|"
        "/radius secret|/ip/ipsec/identity secret|/interface/wifi security.passphrase|/caps-man/interface "
        "security.passphrase|/interface/wifi/security passphrase|/snmp/community authentication-password|"
        "/snmp/community encryption-password|/interface/lte pin|/tool/sms sim-pin|/routing/bgp/connection tcp-md5-key|"
        "/routing/ospf/interface-template auth-key|/interface/wireless/security-profiles static-key-0|"
        "/interface/wireless/security-profiles wpa2-pre-shared-key|/system/ntp/key key-val|/tool/romon secrets|"
        "/disk encryption-key|/interface/macsec cak|/routing/rip/keys key|/ip/hotspot/user otp-secret|"
        "/ip/cloud vpn-wireguard-client-config|/certificate/scep-server/otp password|/interface/gre ipsec-secret"
    ).split("|"),
)
def test_secrets_are_secret_in_every_version(field: str) -> None:
    path, name = field.split(" ")
    assert views(path, name) == {True}


@pytest.mark.parametrize(
    "field",
    (
        "/certificate private-key|/certificate key-usage|/certificate key-size|/interface/wireguard public-key|"
        "/interface/wireguard/peers public-key|/ip/ssh host-key-size|/ip/firewall/mangle passthrough|"
        "/ip/ssh password-authentication|/system/watchdog ping-timeout|/ip/ipsec/identity auth-method|"
        "/ip/ipsec/identity remote-key|/interface/wifi/security group-key-update|/snmp/community name|"
        "/routing/filter/community-list communities|/user/ssh-keys key|/interface/bonding lacp-user-key|"
        "/system/ntp/client/servers auth-key|/ip/ipsec/identity key|"
        "/interface/wireless/security-profiles static-transmit-key"
    ).split("|"),
)
def test_false_friends_stay_visible(field: str) -> None:
    path, name = field.split(" ")
    assert views(path, name) == {False}


@pytest.mark.parametrize(
    ("name", "expression", "secret"),
    [
        ("api-token", "text", True),
        ("vault.new-password", "list(text)", True),
        ("wpa4-psk", "or(none,text)", True),
        ("new-password", "bool", False),
        ("password-mode", "loose(enum(text|hash))", False),
        ("key-age", "duration", False),
        ("pinging", "text", False),
        ("tokyo", "text", False),
        ("pin", "int(0..99999999)", True),
    ],
)
def test_what_nobody_has_judged_is_hidden_when_it_can_hold_a_secret(name: str, expression: str, secret: bool) -> None:
    assert is_secret("/new/menu", name, expression) is secret


def test_the_knowledge_of_a_menu_overrules(tmp_path: Path) -> None:
    (tmp_path / "radius.yaml").write_text(
        "/radius: {fields: {secret: {type: text, secret: false}, realm: {type: text, secret: true}}}\n"
    )
    catalogue = Catalogue(merge(HERE / "facts", tmp_path))
    menu = catalogue.schema(catalogue.newest).menu(MenuPath("/radius"))
    assert menu is not None
    assert (menu.fields["secret"].secret, menu.fields["realm"].secret) == (False, True)


def views(path: str, name: str) -> set[bool]:
    """What the versions that have the field say of it."""
    catalogue = open_catalogue()
    menus = [catalogue.schema(version).menu(MenuPath(path)) for version in catalogue.versions]
    return {menu.fields[name].secret for menu in menus if menu is not None and name in menu.fields}
