"""Real Git repositories in a temporary folder."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import pytest
from dulwich.objects import Commit, ObjectID

from desired_state.applied import read_applied, write_applied
from desired_state.repository import Repository
from schemas.errors import InputError
from schemas.observed import Applied, AppliedEntry
from schemas.path import MenuPath

ANN = "Ann <ann@example.net>"
BEN = "Ben <Ben@Example.net>"
FLEET = b"apiVersion: plumbline/v1\nkind: Fleet\nbranches: {protected: main}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(
        tmp_path / "fleet",
        {"fleet.yaml": FLEET, "devices/r1.yaml": b"a: 1\n", "README.md": b"hello\n"},
        author=ANN,
        message="First",
    )


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_new_repository_is_clean_for_git_itself(repository: Repository) -> None:
    assert git(repository.folder, "status", "--porcelain") == ""
    assert git(repository.folder, "log", "--format=%s %ae %D") == "First ann@example.net HEAD -> main"
    assert git(repository.folder, "fsck", "--strict", "--no-dangling") == ""
    assert repository.head() == ("main", git(repository.folder, "rev-parse", "HEAD"))


def test_creating_over_a_repository_or_a_file_is_refused(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Git repository already"):
        Repository.create(repository.folder, {}, author=ANN, message="x")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/fleet.yaml").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        Repository.create(tmp_path / "other", {"fleet.yaml": b""}, author=ANN, message="x")
    assert (tmp_path / "other/fleet.yaml").read_text() == "mine"


def test_open_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a Git repository; run: plumbline init"):
        Repository.open(tmp_path)
    with pytest.raises(InputError, match="There is no folder"):
        Repository.open(tmp_path / "nothing")


def test_an_empty_repository_is_told(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    opened = Repository.open(tmp_path)
    for call in (opened.head, lambda: opened.resolve("HEAD"), lambda: opened.files("main")):
        with pytest.raises(InputError, match="has no commit yet"):
            call()


def test_files_are_documents_only_and_read_from_the_commit(repository: Repository) -> None:
    (repository.folder / "devices/r1.yaml").write_text("changed")
    (repository.folder / "devices/new.yaml").write_text("new")
    assert dict(repository.files("main")) == {"devices/r1.yaml": b"a: 1\n", "fleet.yaml": FLEET}
    assert repository.dirty() == ("devices/new.yaml", "devices/r1.yaml")


def test_refs_of_every_kind_resolve(repository: Repository) -> None:
    first = repository.resolve("main")
    second = repository.commit("main", {"devices/r2.yaml": b"b\n"}, base=first, message="Two", author=ANN)
    git(repository.folder, "tag", "v1", first)
    git(repository.folder, "update-ref", "refs/remotes/origin/dev", second)
    assert [repository.resolve(ref) for ref in ("v1", "main~1", "main^", first[:8], first)] == [first] * 5
    assert [repository.resolve(ref) for ref in ("HEAD", "main", "origin/dev", "refs/heads/main")] == [second] * 4
    for wrong in ("nope", "main~7", "", "../x", "main:fleet.yaml", "main^9", "a b", "a..b"):
        with pytest.raises(InputError, match="is not a branch, tag or commit"):
            repository.resolve(wrong)


def test_links_and_submodules_are_refused(repository: Repository) -> None:
    folder = repository.folder
    (folder / "groups").mkdir()
    (folder / "groups/link.yaml").symlink_to("/etc/passwd")
    git(folder, "add", "groups")
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{repository.resolve('main')},devices/sub")
    git(folder, "commit", "-qm", "bad")
    with pytest.raises(InputError) as caught:
        repository.files("main")
    assert [str(problem) for problem in caught.value.problems] == [
        "devices/sub: Submodules are not read.",
        "groups/link.yaml: Symbolic links are not read.",
    ]


def test_a_huge_file_is_refused(repository: Repository) -> None:
    repository.commit("main", {"lists/big.txt": b"x" * 5_000_001}, base=None, message="big", author=ANN)
    with pytest.raises(InputError, match=r"lists/big.txt: The file is larger than 5 MB"):
        repository.files("main")


def test_paths_that_escape_are_refused(repository: Repository) -> None:
    for path in ("../x", "/etc/x", "devices/../../x", "a//b", ".git/config", "devices/.GIT/x", "a\\b", "a\0b", ""):
        with pytest.raises(InputError, match="The path is refused"):
            repository.commit("main", {path: b""}, base=None, message="x", author=ANN)
    with pytest.raises(InputError, match="cannot name a branch"):
        repository.commit("a..b", {"fleet.yaml": b""}, base="main", message="x", author=ANN)


def test_a_commit_on_a_branch_leaves_the_checkout_alone(repository: Repository) -> None:
    base = repository.resolve("main")
    made = repository.commit(
        "proposals/x",
        {"devices/r1.yaml": b"a: 2\n", "devices/r3.yaml": b"c\n"},
        base=base,
        message="Change r1",
        author=BEN,
        trailers=[("Requested-by", "Ann\nEvil: x")],
    )
    assert repository.resolve("main") == base
    assert git(repository.folder, "status", "--porcelain") == ""
    assert git(repository.folder, "show", "-s", "--format=%B", made) == "Change r1\n\nRequested-by: Ann Evil: x"
    assert repository.files(made)["devices/r1.yaml"] == b"a: 2\n"
    removed = repository.commit("proposals/x", {"devices/r3.yaml": None}, base=made, message="y", author=ANN)
    assert "devices/r3.yaml" not in repository.files(removed)
    assert "README.md" in git(repository.folder, "ls-tree", "--name-only", removed)


def test_a_change_by_somebody_else_to_the_same_file_is_refused(repository: Repository) -> None:
    base = repository.resolve("main")
    repository.commit("main", {"devices/r1.yaml": b"a: 2\n"}, base=base, message="x", author=ANN)
    with pytest.raises(InputError, match="was changed on main in the meantime"):
        repository.commit("main", {"devices/r1.yaml": b"a: 3\n"}, base=base, message="y", author=BEN)
    repository.commit("main", {"devices/r2.yaml": b"b\n"}, base=base, message="z", author=BEN)
    assert repository.files("main")["devices/r1.yaml"] == b"a: 2\n"


def test_no_commit_is_lost_between_writers(repository: Repository) -> None:
    base = repository.resolve("main")

    def write(writer: int) -> None:
        own = Repository.open(repository.folder)
        for number in range(8):
            path = f"devices/w{writer}-{number}.yaml"
            own.commit("busy", {path: b"x\n"}, base=base, message=path, author=ANN)

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len([path for path in repository.files("busy") if path.startswith("devices/w")]) == 24


def test_the_working_tree_follows_only_where_nobody_edited(repository: Repository) -> None:
    base = repository.resolve("main")
    (repository.folder / "fleet.yaml").write_text("mine")
    changes = {"devices/r1.yaml": b"a: 2\n", "devices/r2.yaml": b"b\n", "fleet.yaml": FLEET + b"# x\n"}
    made = repository.commit("main", changes, base=base, message="x", author=ANN)
    assert repository.sync_worktree("main", base, made) == ("fleet.yaml",)
    assert (repository.folder / "devices/r2.yaml").read_bytes() == b"b\n"
    assert (repository.folder / "fleet.yaml").read_text() == "mine"
    assert repository.dirty() == ("fleet.yaml",)
    assert repository.sync_worktree("other", base, made) == ()


def test_people_are_authors_committers_and_co_authors(repository: Repository) -> None:
    base = repository.resolve("main")
    repository.commit("main", {"devices/r1.yaml": b"a: 2\n"}, base=None, message="x", author=BEN)
    tip = repository.commit(
        "main",
        {"devices/r2.yaml": b"b\n"},
        base=None,
        message="y",
        author=ANN,
        trailers=[("Co-authored-by", "Cy <cy@example.net>")],
    )
    assert repository.people_between(base, tip) == ("ann@example.net", "ben@example.net", "cy@example.net")
    assert repository.people_between(tip, tip) == ()
    assert repository.last_people(tip, ["devices/r1.yaml"]) == ("ben@example.net",)
    assert repository.last_people(tip, ["fleet.yaml", "missing"]) == ("ann@example.net",)


def merged(repository: Repository, tree: str, *parents: str) -> str:
    """A merge by Dee that takes the files of ``tree``, as ``git merge -s ours`` would."""
    made = Commit()
    made.tree = ObjectID(git(repository.folder, "rev-parse", f"{tree}^{{tree}}").encode())
    made.parents = [ObjectID(parent.encode()) for parent in parents]
    made.author = made.committer = b"Dee <dee@example.net>"
    made.author_time = made.commit_time = int(time.time())
    made.author_timezone = made.commit_timezone = 0
    made.message = b"Merge"
    repository.git.object_store.add_object(made)
    return made.id.decode()


def test_a_merge_that_takes_an_old_parents_files_has_changed_them(repository: Repository) -> None:
    old = repository.resolve("main")
    new = repository.commit("main", {"devices/r1.yaml": b"a: 2\n"}, base=None, message="x", author=BEN)
    side = repository.commit("side", {"devices/r2.yaml": b"b\n"}, base=old, message="y", author=ANN)
    merge = merged(repository, side, new, side)
    assert repository.files(merge)["devices/r1.yaml"] == b"a: 1\n"
    assert repository.people_behind(new, merge, ["devices/r1.yaml"]) == ("dee@example.net",)
    assert repository.people_behind(new, merge, ["fleet.yaml"]) == ("ann@example.net",)
    assert repository.last_people(merge, ["devices/r1.yaml"]) == ("ann@example.net", "dee@example.net")


def test_a_merge_does_not_hide_who_wrote_what_it_brings(repository: Repository) -> None:
    old = repository.resolve("main")
    side = repository.commit("side", {"devices/r1.yaml": b"a: 2\n"}, base=old, message="x", author=BEN)
    merge = merged(repository, side, old, side)
    for base in (old, None):
        assert {"ben@example.net", "dee@example.net"} <= set(repository.people_behind(base, merge, ["devices/r1.yaml"]))
    assert repository.last_people(merge, ["devices/r1.yaml"]) == ("ben@example.net", "dee@example.net")


def test_without_a_base_everybody_who_touched_a_file_counts(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = repository.resolve("main")
    git(repository.folder, "checkout", "-q", "-b", "side", old)
    (repository.folder / "devices/r1.yaml").write_text("a: 2\n")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_DATE", "2001-01-01T00:00:00Z")
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ben")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ben@example.net")
    git(repository.folder, "commit", "-qam", "back-dated")
    side = repository.resolve("side")
    new = repository.commit("main", {"devices/r1.yaml": b"a: 3\n"}, base=None, message="x", author=ANN)
    merge = merged(repository, side, new, side)
    everybody = ("ann@example.net", "ben@example.net", "dee@example.net")
    assert repository.people_behind(None, merge, ["devices/r1.yaml"]) == everybody
    assert repository.people_behind(merge, merge, ["devices/r1.yaml"]) == ("ben@example.net", "dee@example.net")
    assert repository.people_behind(None, merge, ["devices/none.yaml"]) == ()


def test_a_history_that_is_cut_off_is_told(repository: Repository, tmp_path: Path) -> None:
    repository.commit("main", {"devices/r1.yaml": b"a: 2\n"}, base=None, message="x", author=BEN)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository.folder}", "shallow")
    shallow = Repository.open(tmp_path / "shallow")
    with pytest.raises(InputError, match="history of this repository is cut off"):
        shallow.people_behind(None, "main", ["devices/r1.yaml"])
    shallow.close()


def test_the_protected_branch_is_named_by_main(repository: Repository) -> None:
    base = repository.resolve("main")
    assert repository.protected_commit() == ("main", base)
    assert repository.protected_commit("main~0") == ("main~0", base)
    other = FLEET.replace(b"protected: main", b"protected: live")
    tip = repository.commit("main", {"fleet.yaml": other}, base=base, message="x", author=ANN)
    with pytest.raises(InputError, match="protects the branch 'live', which does not exist"):
        repository.protected_commit()
    git(repository.folder, "update-ref", "refs/remotes/origin/live", base)
    assert repository.protected_commit() == ("origin/live", base)
    git(repository.folder, "checkout", "-q", "--detach")
    git(repository.folder, "update-ref", "-d", "refs/heads/main")
    with pytest.raises(InputError, match="There is no branch main"):
        repository.protected_commit()
    assert repository.head() == ("", tip)


def test_applied_is_remembered_per_device(repository: Repository) -> None:
    assert read_applied(repository, "r1") is None
    rows = (AppliedEntry({"chain": "input", "comment": "é\udce9".encode("utf-8", "replace").decode()}, "est"),)
    applied = Applied("r1", "c" * 40, "S1", "7.18.2", {MenuPath("/ip/firewall/filter"): rows})
    write_applied(repository, applied)
    write_applied(repository, applied)
    assert read_applied(repository, "r1") == applied
    assert git(repository.folder, "rev-list", "--count", "refs/plumbline/applied/r1") == "1"
    newer = Applied("r1", "d" * 40, "S1", "7.20", {})
    write_applied(repository, newer)
    assert read_applied(repository, "r1") == newer
    assert git(repository.folder, "fsck", "--strict", "--no-dangling") == ""


def test_an_unreadable_applied_is_never_an_empty_one(repository: Repository) -> None:
    git(repository.folder, "update-ref", "refs/plumbline/applied/r1", repository.resolve("main"))
    with pytest.raises(InputError, match=r"The Applied record of r1 .* cannot be read"):
        read_applied(repository, "r1")
    with pytest.raises(InputError, match="cannot name a device"):
        read_applied(repository, "../heads/main")
