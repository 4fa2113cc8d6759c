"""What each command is called, what it takes and what its help says. Nothing here does anything: see ``work``."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import click

from cli.options import Command, Group
from cli.parameters import Batches, DeviceName, Duration, Menu

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_FILE = click.Path(path_type=Path)
_DEVICES = click.argument("devices", nargs=-1, type=DeviceName(), metavar="[DEVICE]...")
_PASSPHRASE = click.option(
    "--passphrase-fd",
    type=click.IntRange(min=0),
    metavar="N",
    help="Read the passphrase from this open file descriptor instead of asking for it.",
)
_BATCHES = click.option(
    "--batches", type=Batches(), default=(), metavar="SIZES", help="How many devices at a time, such as 1,10%,rest."
)


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(f"plumbline {_installed()}")
        context.exit()


def _installed() -> str:
    try:
        return metadata.version("plumbline")
    except metadata.PackageNotFoundError:
        return "(not installed)"


@click.group(cls=Group, context_settings=_SETTINGS)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def plumbline() -> None:
    """Hold a fleet of MikroTik RouterOS v7 routers to what a Git repository says.

    \b
    A first look, on simulated routers:     plumbline demo
    A fleet of your own:                    plumbline init my-fleet
    Every day:                              plumbline plan, approve, apply, drift
    """


@plumbline.command(cls=Command, work="cli.commands.initialising:init")
@click.argument("path", type=_FILE, default=Path(), required=False)
@click.option(
    "--from",
    "routers",
    multiple=True,
    metavar="[NAME=]ADDRESS",
    help="Read this live router into the repository; may be given several times.",
)
@click.option("--user", metavar="NAME", help="The router user that reads; admin by default.")
@click.option("--password-stdin", is_flag=True, help="Read that user's password from standard input.")
@click.option(
    "--read-credential",
    default="router-ro",
    show_default=True,
    metavar="NAME",
    help="What the login for reading is called in the documents.",
)
@click.option(
    "--write-credential",
    default="router-rw",
    show_default=True,
    metavar="NAME",
    help="What the login for writing is called in the documents.",
)
@click.option("--environment", default="lab", show_default=True, help="The environment the routers belong to.")
@click.option("--insecure", is_flag=True, help="Do not check certificates; only for a lab.")
@click.option("--pin", default="", metavar="sha256:HEX", help="The certificate's fingerprint; else the first one seen.")
@_PASSPHRASE
def init() -> None:
    """Make a fleet repository and its store.

    With --from, routers that are already there are read into it, so that the first plan has nothing to do.
    Two persons are made, each with a signing key: nobody approves their own changes.
    """


@plumbline.command(
    "try", short_help="Show what Plumbline makes of an export.", cls=Command, work="cli.commands.trying:try_exports"
)
@click.argument("exports", nargs=-1, required=True, type=_FILE, metavar="EXPORT...")
@click.option("--edits", type=click.IntRange(0, 1000), default=20, show_default=True, help="Random edits per export.")
@click.option("--seed", type=int, default=1, show_default=True, help="Other edits for another number.")
def try_() -> None:
    """Show, without a router, what Plumbline makes of a router's export.

    The export becomes a throw-away fleet; a simulated router is seeded from it by another reader. The plan must be
    empty. Then random edits are made on the simulated router, and each must be found as exactly that. A folder stands
    for the exports in it.
    """


@plumbline.command(
    "import",
    short_help="Read routers' exports into a fleet.",
    cls=Command,
    work="cli.commands.importing:import_exports",
)
@click.argument("sources", nargs=-1, required=True, metavar="[NAME=]SOURCE...")
@click.option("--into", type=_FILE, metavar="FLEET", help="The fleet repository; made when it is not there.")
@click.option("--environment", default="lab", show_default=True, help="The environment the routers belong to.")
@click.option("--user", metavar="NAME", help="The user that reads live routers; admin by default.")
@click.option("--password-stdin", is_flag=True, help="Read that user's password from standard input.")
@click.option("--insecure", is_flag=True, help="Do not check live routers' certificates; only for a lab.")
@click.option("--pin", default="", metavar="sha256:HEX", help="A live router's certificate; else the first one seen.")
def import_() -> None:
    """Write routers that run already down as documents of a fleet.

    A SOURCE is a file of /export, a folder of them, or the address of a live router (https://…). Devices come in mode
    observe, without defaults; secrets go sealed into the store and never into Git. What could not be carried over is
    listed with its line (exit code 2).
    """


@plumbline.command(cls=Command, work="cli.commands.watching:validate")
@click.argument("ref", default="HEAD", required=False)
def validate() -> None:
    """Check every document of a commit, without any router."""


@plumbline.command(cls=Command, work="cli.commands.planning:plan")
@_DEVICES
@click.option("--ref", default="HEAD", show_default=True, help="The branch or commit to plan.")
@click.option(
    "--against",
    metavar="REF",
    help="For previews without a store: the protected branch to judge by, when it is not the one fleet.yaml names.",
)
@_BATCHES
@click.option("--save", type=_FILE, metavar="FILE", help="Write the plan to a file, as JSON.")
def plan() -> None:
    """Show what would change on the routers. Changes nothing.

    Exit code 0: nothing to do. 2: changes. 3: refused by a policy, limit or safety rule. 8: some routers unknown.
    """


@plumbline.command(cls=Command, work="cli.commands.approving:approve")
@click.argument("plan", metavar="PLAN")
@click.option("--as", "person", metavar="NAME", help="Whose key signs; by default yours, by your Git e-mail.")
@click.option("--life", type=Duration(), metavar="TIME", help="How long the approval may be used; 15m by default.")
@_PASSPHRASE
def approve() -> None:
    """Sign a plan and print the approval token.

    PLAN is a saved plan or the first 8 digits of its digest. Nobody approves their own changes, except in a lab
    environment that says so.
    """


@plumbline.command(cls=Command, work="cli.commands.applying:apply")
@click.argument("plan", metavar="PLAN")
@click.option(
    "--approval",
    metavar="-|FILE",
    help="Where the approval token is: a file, or - for standard input. The environment variable "
    "PLUMBLINE_APPROVAL may hold it instead.",
)
@_BATCHES
def apply() -> None:
    """Carry out an approved plan, batch by batch.

    The plan is made again first; where the routers or Git have moved, nothing is written (exit code 5).
    """


@plumbline.command(
    short_help="Show what was changed on the routers by hand.", cls=Command, work="cli.commands.watching:drift"
)
@_DEVICES
def drift() -> None:
    """Show what was changed on the routers since they were last confirmed.

    Made for cron: exit code 0 means no drift, 2 drift, 8 that some routers are unknown.
    """


@plumbline.command(cls=Command, work="cli.commands.watching:status")
@_DEVICES
@click.option("--offline", is_flag=True, help="Do not read the routers; tell what is known.")
def status() -> None:
    """Show where every device stands."""


@plumbline.group(cls=Group)
def device() -> None:
    """The routers of the inventory."""


@device.command(short_help="Bind a router's login to it.", cls=Command, work="cli.commands.devices:enrol")
@click.argument("name", type=DeviceName())
def enrol() -> None:
    """Bind a router's login to its address, certificate and serial number.

    Logins kept in the store are sent to enrolled routers only.
    """


@plumbline.group(cls=Group)
def credential() -> None:
    """Router logins and secrets, sealed in the store."""


@credential.command("set", cls=Command, work="cli.commands.devices:set_credential")
@click.argument("name")
@click.option("--secret", is_flag=True, help="It is a secret that documents refer to, not a router login.")
def set_credential() -> None:
    """Keep a login or a secret under a name.

    It is asked for on a terminal, else read from standard input: user:password for a login, the bare value for a
    secret. It is never taken from the command line.
    """


@plumbline.group(cls=Group)
def schema() -> None:
    """What Plumbline knows of RouterOS: menus, fields, versions."""


_ROUTEROS = click.option("--routeros", metavar="VERSION", help="As this version of RouterOS has it; else the newest.")


@schema.command("list", cls=Command, work="cli.commands.schema:menus")
@click.argument("prefix", type=Menu(), default="/", required=False, metavar="[PATH]")
@_ROUTEROS
def schema_list() -> None:
    """List the menus at and below a path."""


@schema.command("show", cls=Command, work="cli.commands.schema:show")
@click.argument("path", type=Menu())
@click.argument("field", required=False)
@_ROUTEROS
def schema_show() -> None:
    """Show a menu with its fields, or one field in full.

    Names are those of documents: RouterOS's own, of its newest version.
    """


@schema.command("search", cls=Command, work="cli.commands.schema:search")
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@_ROUTEROS
def schema_search() -> None:
    """Find menus and fields that have every word in path, name or type."""


@schema.command("diff", cls=Command, work="cli.commands.schema:diff")
@click.argument("old")
@click.argument("new")
@click.argument("prefix", type=Menu(), default="/", required=False, metavar="[PATH]")
@click.option("--fleet", is_flag=True, help="Show which lines of the fleet the upgrade touches.")
@click.option("--ref", default="HEAD", show_default=True, help="With --fleet: the branch or commit to look at.")
def schema_diff() -> None:
    """Show what one version of RouterOS changed from another.

    With --fleet every device is rendered for both versions; exit code 2 means that lines have to be changed.
    """


@schema.command("gaps", cls=Command, work="cli.commands.schema:gaps")
@click.argument("prefix", type=Menu(), default="/", required=False, metavar="[PATH]")
@_ROUTEROS
def schema_gaps() -> None:
    """Show what nobody has said yet of the menus at and below a path.

    A field without a type is compared letter by letter. One without a known default is left alone where a document
    does not name it.
    """


@schema.command("learn", cls=Command, work="cli.commands.learning:learn")
@click.argument("device", type=DeviceName())
@click.option("--facts", type=_FILE, metavar="FOLDER", help="Write all facts files, with this version, to a folder.")
def schema_learn() -> None:
    """Learn menus and fields from a router itself.

    For versions, packages and boards that Plumbline does not know yet. The router is only asked; that takes some
    minutes, and a run that is broken off is continued by the next one. What it tells is used in plans of every router
    with the same version, architecture and packages.
    """


@schema.command("pages", cls=Command, work="cli.commands.schema:pages")
@click.argument("folder", type=_FILE)
@_ROUTEROS
def schema_pages() -> None:
    """Write a page of Markdown for every menu into a folder."""


@schema.command("editors", cls=Command, work="cli.commands.schema:editors")
@_ROUTEROS
def schema_editors() -> None:
    """Print the JSON Schema of documents, for editors.

    Keep it in a file and name that in the first line of a document: # yaml-language-server: $schema=FILE
    """


@plumbline.command(cls=Command, work="cli.commands.simulating:simulate")
@click.argument("sources", nargs=-1, required=True, type=_FILE, metavar="SOURCE...")
@click.option("--host", default=None, help="The address to listen on: 127.0.0.1; with --count the first: 127.1.0.1.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The first router's port, the next ones follow; free ones."
)
@click.option("--user", "users", multiple=True, metavar="NAME:PASSWORD", help="A user of the simulated routers.")
@click.option("--count", type=click.IntRange(1, 50_000), help="So many routers, of the files in turn; see below.")
@click.option(
    "--control-port", type=click.IntRange(0, 65535), help="Serve a page to look into them here; 0: a free one."
)
def simulate() -> None:
    """Serve simulated routers from exports (.rsc) or JSON files until interrupted.

    With --count each has a loopback address of its own, and all have the same port (8729 unless --port says another);
    their names, identities and serial numbers are numbered.
    """


@plumbline.command(short_help="Tell the whole story on simulated routers.", cls=Command, work="cli.demo:run")
@click.option("--keep", is_flag=True, help="Keep the demo's folder, with its fleet repository, to look around in.")
@click.option("--hold", is_flag=True, help="Leave the routers running at the end, until standard input ends.")
def demo() -> None:
    """Tell the whole story on simulated routers, in under a minute.

    Everything happens in a temporary folder; no router, repository or key of yours is touched.
    """


@plumbline.command(cls=Command, work="cli.commands.mcp:mcp")
def mcp() -> None:
    """Serve AI clients over standard input and output. They can read and propose, never approve or apply."""


@plumbline.command(cls=Command, work="cli.commands.completing:completion")
@click.argument("shell_name", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
def completion() -> None:
    """Print the completion script of a shell."""
