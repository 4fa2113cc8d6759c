"""What a router told of itself, for people, reviews and programs."""

from dataclasses import replace
from pathlib import Path

from reconciler.views.learning import learnt_document, learnt_markdown, learnt_text
from schemas.catalogue.versions import SchemaChange, What
from schemas.learnt import Learnt
from schemas.path import MenuPath
from schemas.release import Release

DONE = Learnt(
    device="edge",
    model="CHR",
    release=Release("7.25.1", "x86_64", frozenset({"container"})),
    nearest="7.24",
    menus=400,
    fields=6_000,
    changes=(
        SchemaChange(MenuPath("/ip/brand-new"), What.MENU_ADDED),
        SchemaChange(MenuPath("/ip/dns"), What.FIELD_ADDED, "colour", "", "text"),
        SchemaChange(MenuPath("/ip/gone"), What.MENU_REMOVED),
    ),
    asked=9_000,
    skipped=0,
    unanswered=0,
    file=Path("/data/7.25.1+x86_64+container.facts"),
)

TEXT = """\
+ /ip/brand-new
  /ip/dns
+     colour: text
- /ip/gone

From RouterOS 7.24 to 7.25.1: 1 menus added, 1 menus removed, 1 fields added.

edge (RouterOS 7.25.1 on x86_64 with container) told of 400 menus and 6,000 fields.
  The facts of RouterOS 7.24 are those of any package and board, so what this router lacks is
  listed as removed.
  Kept in /data/7.25.1+x86_64+container.facts; plans of such routers use it from now on."""


def test_text():
    assert learnt_text(DONE) == TEXT


def test_text_of_a_router_that_is_as_it_is_known():
    text = learnt_text(replace(DONE, changes=(), skipped=1, unanswered=3, folder=Path("/facts")))
    assert text.startswith("Nothing differs from what is known of RouterOS 7.24.\n")
    assert "  Left out, since they are no words of RouterOS: 1.\n" in text
    assert "  Arguments that it refused to explain, so that their types are not known: 3.\n" in text
    assert text.endswith("The facts files with this version are in /facts.")


def test_markdown_has_the_sums_first():
    text = learnt_markdown(DONE)
    assert text.startswith("**edge (RouterOS 7.25.1 on x86_64 with container) told of 400 menus")
    assert "+ /ip/brand-new" in text.split("```")[1]


def test_document():
    document = learnt_document(DONE)
    assert document["format"] == "plumbline.schema.learnt/v1"
    assert (document["routeros"], document["nearest"], document["packages"]) == ("7.25.1", "7.24", ["container"])
    assert document["facts"] is None
    changes = document["changes"]
    assert isinstance(changes, list)
    assert [change["what"] for change in changes if isinstance(change, dict)] == [
        "menu added",
        "field added",
        "menu removed",
    ]
