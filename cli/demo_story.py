"""What happens in the demo: five chapters, each of them a few commands that are shown and run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.demo_hand import Administrator
from cli.demo_stage import ME, Router, Stage
from schemas.errors import Exit

REVIEWER = "reviewer"
ADMIN, READ, WRITE = "admin", "plumbline-read", "plumbline-write"
"""Users of the simulated routers: a person, and one each for reading and writing."""

_GROUP = "groups/branch.yaml"
_CAMERAS = "      - {$id: cameras, chain: forward, action: drop, src-address-list: cameras}\n"
_ESTABLISHED = """\
      - {$id: established, chain: forward, action: accept,
         connection-state: [established, related]}
"""
EDITS = (
    (_GROUP, "servers: [1.1.1.1, 1.0.0.1]", "servers: [9.9.9.9, 149.112.112.112]"),
    (_GROUP, _CAMERAS + _ESTABLISHED, _ESTABLISHED + _CAMERAS),
    (
        "devices/branch-ams.yaml",
        "    - {name: intranet.lan, address: 10.11.0.80}\n",
        """\
    - {name: intranet.lan, address: 10.11.0.80}
  /ip/firewall/filter:
    - {$id: guests-print, chain: forward, action: accept, in-interface: guests,
       dst-address: 10.11.0.20, protocol: tcp, dst-port: 631}
""",
    ),
    (
        "devices/branch-ber.yaml",
        "  cameras: [10.12.0.61]\n",
        """\
  cameras: [10.12.0.61]
menus:
  /ip/firewall/nat:
    - {$id: web-shop, chain: dstnat, action: dst-nat, in-interface-list: WAN,
       protocol: tcp, dst-port: 8443, to-addresses: 10.12.0.80}
""",
    ),
    ("devices/branch-lis.yaml", ", 10.13.0.63]", "]"),
)
"""What Ada writes in her branch: document, text before, text after."""


@dataclass(frozen=True, slots=True)
class Tale:
    """What the story is told with. ``logins`` are the routers' users with their passwords, ``passphrases`` those
    of the two persons' keys."""

    stage: Stage
    routers: Mapping[str, Router]
    logins: Mapping[str, str] = field(repr=False)
    passphrases: Mapping[str, str] = field(repr=False)

    @property
    def writes(self) -> int:
        """Writes that the routers have counted."""
        return sum(sum(router.writes.values()) for router in self.routers.values())

    def approved_and_applied(self, digest: str) -> None:
        self.stage.approved_and_applied(digest, REVIEWER, self.passphrases[REVIEWER])


def set_up(tale: Tale) -> None:
    """Four routers and a repository that says what they are already."""
    stage, voice = tale.stage, tale.stage.voice
    versions = sorted({router.version for router in tale.routers.values()})
    voice.chapter(1, "Four routers, one repository")
    voice.say(
        f"A company has four branch offices. Their routers are simulated (RouterOS {', '.join(versions)}) and "
        "answer on this machine. What they should be stands in Git: one file for what the offices have in common, "
        "and a short one for each."
    )
    stage.git("ls-files")
    voice.say(
        "Two persons get keys, two router users are sealed in the fleet's store, and each login is bound to the "
        "router it may be sent to: its address, certificate and serial number."
    )
    stage.plumbline("init", typed=[tale.passphrases[name] for name in (ME, REVIEWER)])
    for name, user in (("routers-read", READ), ("routers-write", WRITE)):
        stage.step(f"credential set {name}", stdin=f"{user}:{tale.logins[user]}")
    for name in tale.routers:
        stage.step(f"device enrol {name}")
    voice.say("Are the routers what Git says?")
    stage.plumbline("plan")


def change(tale: Tale) -> str:
    """A change on a branch: an edit of the documents, and what it would do. Gives the plan's effect."""
    stage, voice = tale.stage, tale.stage.voice
    voice.chapter(2, "A change, on a branch")
    voice.say(
        "Ada wants other resolvers everywhere, the busiest firewall rule first, guests in Amsterdam to print, a web "
        "shop in Berlin to be reached; and Lisbon has one camera less."
    )
    stage.git("switch --quiet --create monday")
    for name, old, new in EDITS:
        stage.edit(name, old, new)
    stage.git("diff --unified=1")
    stage.git("commit --quiet --all --message 'Resolvers, printing guests, web shop'")
    voice.say("What would that do? A plan reads the routers and writes nothing.")
    stage.plumbline("plan --ref monday", expect=Exit.CHANGES)
    return str(stage.document("plan --ref monday", Exit.CHANGES)["effect"])


def apply(tale: Tale, effect: str) -> tuple[int, int, int]:
    """Merge, plan, approve, apply. Gives the changes planned, applied, and planned once more."""
    stage, voice = tale.stage, tale.stage.voice
    voice.chapter(3, "Merged, approved by somebody else, applied")
    stage.git("switch --quiet main")
    stage.git("merge --quiet --ff-only monday")
    plan = stage.document("plan", Exit.CHANGES)
    digest = str(plan["digest"])
    same = "The plan of main does the same as the one that was reviewed" if plan["effect"] == effect else "The plan"
    voice.say(f"{same}; it is {digest[:8]}. Ada wrote the change, so she cannot approve it:")
    stage.plumbline(f"approve {digest[:8]}", expect=Exit.APPROVAL, typed=[tale.passphrases[ME]])
    voice.say("The reviewer signs with a key of their own. One router goes first, then the rest.")
    before = tale.writes
    tale.approved_and_applied(digest)
    applied = tale.writes - before
    voice.say(f"The routers have counted {applied} writes. Is anything left to do?")
    stage.plumbline("plan")
    return _changes(plan), applied, _changes(stage.document("plan", Exit.OK))


def drift(tale: Tale) -> tuple[int, int]:
    """Somebody edits two routers by hand. Gives the differences found, and those left once they are put right."""
    stage, voice = tale.stage, tale.stage.voice
    voice.chapter(4, "Somebody edits routers by hand")
    voice.say("At night, somebody in a hurry logs in to Berlin and to Lisbon:")
    _by_hand(tale)
    voice.say("The hourly check from cron sees it:")
    stage.plumbline("drift", expect=Exit.CHANGES)
    found = _drifted(stage, Exit.CHANGES)
    voice.say("Nobody meant that to stay, so the routers are put right:")
    stage.plumbline("plan", expect=Exit.CHANGES)
    tale.approved_and_applied(str(stage.document("plan", Exit.CHANGES)["digest"]))
    stage.plumbline("drift")
    return found, _drifted(stage, Exit.OK)


def _by_hand(tale: Tale) -> None:
    """Three edits over the routers' own REST interface, by a person's login."""
    ber, lis = (Administrator(tale.routers[name], ADMIN, tale.logins[ADMIN]) for name in ("branch-ber", "branch-lis"))
    first = ber.row("/ip/firewall/filter", chain="forward")
    rule = {"chain": "forward", "action": "accept", "comment": "just testing", "place-before": first}
    edits: list[tuple[Administrator, str, str, dict[str, str] | None]] = [
        (ber, "PUT", "/ip/firewall/filter", rule),
        (ber, "POST", "/ip/dns/set", {"servers": "8.8.8.8"}),
        (lis, "DELETE", "/ip/dns/static/" + lis.row("/ip/dns/static", name="nas.lan"), None),
    ]
    tale.stage.voice.line("")
    for who, method, path, body in edits:
        told = " ".join(f"{name}={text}" for name, text in (body or {}).items())
        tale.stage.voice.beside("✎", who.router.name, f"{method} {path} {told}")
        who.ask(method, path, body)


def _drifted(stage: Stage, expect: Exit) -> int:
    return sum(len(part["drift"]) for part in stage.document("drift", expect)["devices"])


def _changes(plan: Mapping[str, Any]) -> int:
    return sum(len(part["changes"]) for part in plan["devices"])
