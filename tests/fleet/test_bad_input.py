"""Bad input: a sentence with its place, the right exit code, no traceback, and nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.fleet.fleet_tools import Done, FleetFolder, fleet_folder, router

SEED = {
    "menus": {
        "/system/identity": {"name": "edge"},
        "/ip/dns": {"servers": "192.0.2.53"},
        "/ip/firewall/filter": [{"chain": "forward", "action": "drop", "comment": "rest"}],
    }
}
DEVICE = "devices/edge.yaml"
MENUS = "menus:\n"


@dataclass(frozen=True)
class Place:
    fleet: FleetFolder
    edge: SimulatedRouter

    def on_main(self) -> None:
        """Work on what was read from the router."""
        self.fleet.git("checkout", "--quiet", "main")

    def on_branch(self) -> None:
        """Work on a branch that begins there."""
        self.fleet.git("checkout", "--quiet", "-B", "bad", "main")

    def planned(self, *words: str, environ: dict[str, str] | None = None) -> Done:
        """A plan that fails in words: no traceback, and no write to the router or the repository."""
        head = self.fleet.git("rev-parse", "HEAD")
        done = self.fleet.plumbline("plan", *words, environ=environ)
        assert "Traceback" not in done.out + done.err, done
        assert "bug in Plumbline" not in done.err, done
        assert not self.edge.writes
        assert self.fleet.git("rev-parse", "HEAD") == head
        assert self.fleet.git("status", "--porcelain") == ""
        return done


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    fleet = fleet_folder(tmp_path_factory.mktemp("bad"))
    edge = router("edge", SEED)
    with run_in_thread([edge]):
        assert fleet.init([edge]).code == 0
        yield Place(fleet, edge)


DOCUMENTS = {
    "broken YAML": (
        "menus: [\n",
        "devices/edge.yaml:11: A list in [ ] or a mapping in { } is not closed, or a value is missing.",
    ),
    "a key twice": (
        "environment: lab\nmenus:\n",
        "devices/edge.yaml:9: 'environment' is given twice; it stands on line 7 already.",
    ),
    "a comma in braces": (
        "menus:\n  /ip/firewall/nat:\n    - {chain: dstnat, dst-port: 80,443}\n",
        (
            "devices/edge.yaml:11: '443' has no value: a comma inside { } begins the next field.\n"
            '  help: Write dst-port: "80,443" or dst-port: [80, 443].'
        ),
    ),
    "an unknown menu": (
        "menus:\n  /ip/adress: []\n",
        'devices/edge.yaml:10: RouterOS has no menu /ip/adress.\n  help: Did you mean "/ip/address"?',
    ),
    "an unknown field": (
        "menus:\n  /ip/address:\n    - {adress: 10.0.0.1/24, interface: ether1}\n",
        "devices/edge.yaml:11: /ip/address has no field 'adress'.\n  help: Did you mean \"address\"?",
    ),
    "a wrong type": (
        "menus:\n  /interface/vlan:\n    - {name: v, interface: ether1, vlan-id: ten}\n",
        "devices/edge.yaml:11: /interface/vlan vlan-id: 'ten' is not a whole number from 1 to 4094.",
    ),
    "an unknown group": (
        "groups: [basse]\nmenus:\n",
        "devices/edge.yaml:9: There is no group 'basse'.\n  help: Did you mean \"base\"?",
    ),
    "a reference to nothing": (
        "menus:\n  /ip/address:\n    - {address: 10.0.0.1/24, interface: ether99}\n",
        "devices/edge.yaml:11: /ip/address interface: no /interface named 'ether99' would exist after this plan.",
    ),
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_a_document_that_is_wrong(place: Place, case: str) -> None:
    text, told = DOCUMENTS[case]
    place.on_branch()
    place.fleet.replace(DEVICE, MENUS, text)
    done = place.planned()
    assert done.code == 1, done
    assert told in done.err, done


def test_all_problems_are_told_at_once(place: Place) -> None:
    place.on_branch()
    place.fleet.replace(DEVICE, MENUS, "groups: [basse]\nmenus:\n  /ip/adress: []\n")
    done = place.fleet.plumbline("validate")
    assert done.code == 1, done
    assert "devices/edge.yaml:9:" in done.err, done
    assert "devices/edge.yaml:11:" in done.err, done


def test_no_repository(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "fleet"
    done = FleetFolder(folder, place.fleet.home).plumbline("plan")
    assert (done.code, done.err) == (1, f"There is no folder {folder}.\n"), done
    folder.mkdir()
    done = FleetFolder(folder, place.fleet.home).plumbline("plan")
    assert done.code == 1, done
    assert f"{folder} is not a Git repository; run: plumbline init {folder}" in done.err, done
    assert not list(folder.iterdir())


def test_a_commit_without_anything(place: Place) -> None:
    place.on_branch()
    place.fleet.git("rm", "-r", "--quiet", ".")
    place.fleet.commit({}, "Nothing at all")
    done = place.planned()
    assert done.code == 3, done
    assert "holds no fleet: no fleet.yaml and no devices. Nothing is planned." in done.err, done


def test_a_wrong_password(place: Place) -> None:
    place.on_main()
    done = place.planned("--output", "json", environ={"PLUMBLINE_CREDENTIAL_ROUTER_RO": "ops:wrong"})
    assert done.code == 8, done
    (part,) = done.document["devices"]
    assert part["device"] == "edge"
    assert part["unknown"].startswith("The router refused the login of user 'ops'. The password is wrong")


def test_a_router_that_does_not_answer(place: Place) -> None:
    place.on_main()
    place.edge.refuse = True
    try:
        done = place.planned("--output", "json")
    finally:
        place.edge.refuse = False
    assert done.code == 8, done
    (part,) = done.document["devices"]
    assert part["device"] == "edge"
    assert part["unknown"].startswith(f"{place.edge.address} cannot be reached: ")


def test_another_serial_number(place: Place) -> None:
    place.on_main()
    place.fleet.git("checkout", "--quiet", "-B", "main", "main")
    place.fleet.replace(DEVICE, f"serial: {place.edge.serial}", "serial: HF00000000")
    try:
        done = place.planned()
        assert done.code == 3, done
        sentence = f"is {place.edge.serial}, not HF00000000: another device answers."
        assert sentence in " ".join(done.out.split()), done
        requests = {access.path for access in place.edge.log[-4:]}
        assert not any("/ip/" in path for path in requests), "no menu was read"
    finally:
        place.fleet.git("reset", "--quiet", "--hard", "HEAD~1")


def test_another_certificate(place: Place) -> None:
    place.on_main()
    requests = len(place.edge.log)
    place.edge.replace_certificate()
    done = place.planned()
    assert done.code == 3, done
    told = " ".join(done.out.split())
    assert f"{place.edge.address} shows another certificate: expected sha256:" in told
    assert "No login was sent." in told
    assert len(place.edge.log) == requests


USAGE = {
    "plan --no-such-option": "No such option '--no-such-option'.",
    "plam": "No such command 'plam'. Did you mean 'plan'?",
    "apply": "Missing argument 'PLAN'.",
    "plan egde": "There is no device 'egde'.\n  help: Did you mean edge?",
    "--output xml plan": "Invalid value for '--output': 'xml' is not one of",
}


@pytest.mark.parametrize("words", USAGE)
def test_a_usage_error_is_1_not_2(place: Place, words: str) -> None:
    place.on_main()
    done = place.fleet.plumbline(*words.split())
    assert done.code == 1, done
    assert USAGE[words] in done.err, done
    assert not done.out
