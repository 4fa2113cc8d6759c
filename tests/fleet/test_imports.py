"""import and try as a person uses them: exports good and odd, files and live routers, text and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.fleet.fleet_tools import PASSWORD, USER, Done, FleetFolder, fleet_folder

EXPORT = """\
# 2026-01-31 15:57:16 by RouterOS 7.18.2
# model = RB5009UG+S+
# serial number = HE70ABCDEF1
/interface bridge
add admin-mac=02:00:00:00:00:01 auto-mac=no comment=defconf name=bridge
/interface ethernet
set [ find default-name=ether1 ] comment="B\\C3\\BCro" name=wan
/interface bridge port
add bridge=bridge interface=ether2
# the way in
/ip address
add address=192.168.88.1/24 comment="the \\"LAN\\"" interface=bridge network=192.168.88.0
/ip firewall filter
add action=accept chain=input comment="established" connection-state=\\
    established,related
add action=drop chain=input in-interface=wan
/ppp secret
add name=road password=hunter2secret service=l2tp
/system identity
set name="Edge 1"
/system script
add dont-require-permissions=no name=hello owner=admin policy=read source=":log info a\\r\\
    \\n:log info b\\r\\
    \\n:log info c"
/user
add group=read name=audit
"""


@pytest.fixture
def fleet(tmp_path: Path) -> FleetFolder:
    return fleet_folder(tmp_path)


def write(folder: Path, name: str, content: str | bytes) -> str:
    place = folder / name
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(place)


def imported(fleet: FleetFolder, *words: str) -> Done:
    return fleet.plumbline("import", *words, "--into", str(fleet.path))


def test_an_export_becomes_a_device_that_is_valid_and_shows_no_secret(fleet: FleetFolder, tmp_path: Path) -> None:
    done = imported(fleet, write(tmp_path, "edge.rsc", EXPORT))
    assert done.code == 0, done
    assert "edge-1 (RB5009UG+S+ RouterOS 7.18.2): 10 statements, 10 understood, all in the document" in done.out
    text = fleet.read("devices/edge-1.yaml")
    assert "mode: observe" in text
    assert "{name: road, service: l2tp, password: {secret: edge-1-secret-road-password}}" in text
    assert 'comment: "the \\"LAN\\""' in text
    assert "    # the way in\n    - {address: 192.168.88.1/24" in text
    script = (fleet.path / "files/edge-1/script-hello.rsc").read_bytes()
    assert script == b":log info a\r\n:log info b\r\n:log info c"
    assert "hunter2secret" not in done.out + done.err + fleet.git("log", "-p", "--all")
    assert b"hunter2secret" not in b"".join(p.read_bytes() for p in fleet.path.rglob("*") if p.is_file())
    assert fleet.plumbline("validate").code == 0
    again = imported(fleet, write(tmp_path, "edge.rsc", EXPORT))
    assert again.code == 1
    assert "there is a device edge-1 already" in again.err


def test_applied_is_recorded_so_that_a_preview_has_something_to_compare_with(
    fleet: FleetFolder, tmp_path: Path
) -> None:
    assert imported(fleet, write(tmp_path, "edge.rsc", EXPORT)).code == 0
    assert "refs/plumbline/applied/edge-1" in fleet.git("for-each-ref")
    (fleet.path / ".git" / "plumbline.db").unlink()
    fleet.replace("devices/edge-1.yaml", "name: Edge 1", "name: Edge 2")
    done = fleet.plan()
    assert done.code == 2, done
    assert [change["path"] for change in done.document["devices"][0]["changes"]] == ["/system/identity"]
    assert "not read from routers" in done.out


def test_what_is_left_out_is_listed_and_keeps_applied_back(fleet: FleetFolder, tmp_path: Path) -> None:
    text = EXPORT + "/ip frobnicate\nadd x=y\n/ip dns\nset sevrers=1.1.1.1\n"
    done = imported(fleet, write(tmp_path, "edge.rsc", text), "--output", "json")
    assert done.code == 2, done
    (device,) = done.document["devices"]
    assert [item["line"] for item in device["left_out"]] == [28, 30]
    assert device["applied_recorded"] is False
    assert device["secrets"] == ["edge-1-secret-road-password"]


def test_several_sources_get_names_and_one_commit(fleet: FleetFolder, tmp_path: Path) -> None:
    one, two = write(tmp_path, "one.rsc", EXPORT), write(tmp_path, "two.rsc", EXPORT)
    done = imported(fleet, f"core={one}", two, "--output", "json")
    assert done.code == 0, done
    assert [device["device"] for device in done.document["devices"]] == ["core", "edge-1"]
    assert fleet.git("log", "--format=%s", "-1") == "Import core, edge-1 as exported"


def test_a_live_router_is_imported_too(fleet: FleetFolder) -> None:
    router = SimulatedRouter("edge", {"script": EXPORT}, users={"admin": PASSWORD, USER: PASSWORD})
    with run_in_thread([router]):
        words = ("import", router.address, "--into", str(fleet.path), "--user", USER, "--password-stdin")
        done = fleet.plumbline(*words, "--output", "json", stdin=PASSWORD)
    assert done.code == 0, done
    (device,) = done.document["routers"]
    assert (device["device"], device["changes"], device["message"]) == ("edge-1", 0, "")
    assert "/ip/firewall/filter:" in fleet.read("devices/edge-1.yaml")


def test_try_says_what_would_become_of_an_export(fleet: FleetFolder, tmp_path: Path) -> None:
    done = fleet.plumbline("try", write(tmp_path, "edge.rsc", EXPORT), "--output", "json")
    assert done.code == 0, done
    (each,) = done.document["exports"]
    assert each["version"] == "7.18.2"
    assert (each["entries"], each["understood"], each["plan_changes"], each["unknown"]) == (10, 10, 0, [])
    assert (each["mutations"], each["found_exactly"], each["false_changes"]) == (20, 20, 0)
    assert "hunter2secret" not in done.out


ODD = {
    "not UTF-8": (EXPORT.replace("B\\C3\\BCro", "Büro").encode("cp1252"), 0, "Windows code page 1252"),
    "CRLF": (EXPORT.replace("\n", "\r\n").encode(), 0, "10 of 10 entries understood"),
    "UTF-16": (EXPORT.encode("utf-16"), 0, "10 of 10 entries understood"),
    "cut off": (EXPORT[: EXPORT.index("log info b")].encode(), 2, "left out"),
    "RouterOS 6": (EXPORT.replace("7.18.2", "6.49.10").encode(), 1, "only RouterOS 7 is supported"),
    "incomplete": (
        EXPORT.encode() + b'#error exporting "/ip/ssh" (timeout)\n',
        0,
        "could not export /ip/ssh (timeout)",
    ),
    "inline comments": (EXPORT.replace("interface=ether2", "interface=ether2  # ours").encode(), 0, "10 of 10"),
    "scripting": (EXPORT.encode() + b":local a 1\n/ip dns set servers=$a\n", 2, "scripting, which is not evaluated"),
    "no text": (bytes(range(256)) * 400, 1, "This is not text, so no export either"),
    "nothing": (b"", 1, "holds no statement that could be read"),
    "prose": (b"Dear router,\nplease work.\n" * 2000, 1, "holds no statement that could be read"),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_exports_end_in_a_clear_message(fleet: FleetFolder, tmp_path: Path, case: str) -> None:
    content, code, told = ODD[case]
    done = fleet.plumbline("try", write(tmp_path, "odd.rsc", content), "--edits", "1")
    assert done.code == code, done
    assert told in done.out, done
    assert "Traceback" not in done.err


def test_nonsense_of_a_hundred_megabytes_is_refused_at_once(fleet: FleetFolder, tmp_path: Path) -> None:
    big = tmp_path / "big.rsc"
    with big.open("wb") as file:
        file.truncate(100_000_000)
    done = fleet.plumbline("try", write(tmp_path, "edge.rsc", EXPORT), str(big), "--edits", "1", "--output", "json")
    assert done.code == 1, done
    good, bad = done.document["exports"]
    assert (good["problem"], good["plan_changes"]) == ("", 0)
    assert bad["problem"].endswith("big.rsc has 100,000,000 bytes; no export is larger than 67,108,864.")
    assert not fleet.path.exists()
    refused = imported(fleet, str(big), write(tmp_path, "none.rsc", b"not an export"))
    assert not fleet.path.exists()
    assert (refused.code, "100,000,000 bytes" in refused.err) == (1, True)
    assert json.loads(json.dumps(bad))["entries"] == 0


def test_one_file_of_a_folder_that_is_none_hides_no_other(fleet: FleetFolder, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder, "a.rsc", EXPORT)
    write(folder, "b.rsc", b"\0" * 100)
    done = fleet.plumbline("try", str(folder), "--edits", "1")
    assert done.code == 1
    assert "1 of 2 exports plan to nothing with nothing left out" in done.out
    assert fleet.plumbline("try", str(tmp_path / "nowhere")).code == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("edge.rsc=core",), "There is no file core; a source is FILE or NAME=FILE, a name being like edge-1."),
        (("Core Router=edge.rsc",), "There is no file Core Router=edge.rsc; a source is FILE or NAME=FILE"),
        (("edge.rsc", "--pin", "sha256:00"), "--pin fits one live router."),
    ],
)
def test_a_slip_of_the_tongue_makes_nothing(
    fleet: FleetFolder, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    write(tmp_path, "edge.rsc", EXPORT)
    done = imported(fleet, *(str(tmp_path / word) if word == "edge.rsc" else word for word in words))
    assert done.code == 1, done
    assert told in done.err
    assert not fleet.path.exists()


def test_a_file_is_no_fleet_and_an_environment_has_to_be_there(fleet: FleetFolder, tmp_path: Path) -> None:
    export = write(tmp_path, "edge.rsc", EXPORT)
    done = fleet.plumbline("import", export, "--into", export)
    assert (done.code, "is a file; a fleet repository needs a folder." in done.err) == (1, True), done
    assert imported(fleet, export).code == 0
    before = fleet.git("rev-parse", "HEAD")
    done = imported(fleet, f"core={export}", "--environment", "prodd")
    assert (done.code, "fleet.yaml has no environment 'prodd'." in done.err) == (1, True), done
    assert fleet.git("rev-parse", "HEAD") == before


def test_what_is_no_export_is_not_simulated(fleet: FleetFolder, tmp_path: Path) -> None:
    done = fleet.plumbline("simulate", write(tmp_path, "none.rsc", b"\0" * 100))
    assert (done.code, "This is not text, so no export either" in done.err) == (1, True), done


def test_an_imported_router_is_enrolled_by_the_certificate_it_shows(fleet: FleetFolder, tmp_path: Path) -> None:
    assert imported(fleet, write(tmp_path, "edge.rsc", EXPORT)).code == 0
    router = SimulatedRouter("edge", {"script": EXPORT}, users={USER: PASSWORD})
    with run_in_thread([router]):
        document = fleet.read("devices/edge-1.yaml").replace("https://192.168.88.1", router.address)
        fleet.commit({"devices/edge-1.yaml": document})
        assert fleet.plumbline("credential", "set", "router-ro", stdin=f"{USER}:{PASSWORD}").code == 0
        refused = fleet.plumbline("device", "enrol", "edge-1")
        assert refused.code == 3
        assert router.fingerprint in refused.err
        assert "write it as tls.pin, commit, and enrol again" in refused.err
        fleet.commit({"devices/edge-1.yaml": document.replace("sha256:" + "0" * 64, router.fingerprint)})
        assert fleet.plumbline("device", "enrol", "edge-1").code == 0
        for verb in ("plan", "drift"):
            done = fleet.plumbline(verb)
            assert done.code == 0, done
