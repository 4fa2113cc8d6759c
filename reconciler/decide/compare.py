"""Field by field: what a row that is paired with an entry needs."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.decide.match import RowView
from reconciler.decide.naming import entry_name
from reconciler.decide.normalise import Normaliser
from reconciler.decide.steps import REASONS, MenuDiff, SecretState, Step, made_by_router
from schemas.catalogue.model import Kind
from schemas.change import Action, Cause
from schemas.desired import DesiredEntry, DesiredMenu, Ignore, SecretRef, Value
from schemas.observed import AppliedEntry, Row
from schemas.plan import Notice


class Comparer:
    """Field by field: what a paired row needs."""

    def __init__(
        self,
        norm: Normaliser,
        desired: DesiredMenu,
        ignores: tuple[Ignore, ...],
        secrets: SecretState,
        result: MenuDiff,
    ) -> None:
        self.norm = norm
        self.ignores = ignores
        self.secrets = secrets
        self.result = result
        self.written_only = desired.written_only or norm.menu.kind is not Kind.LIST

    def pair(self, entry: DesiredEntry, view: RowView, wanted: Mapping[str, str]) -> None:
        """``wanted`` are the canonical texts of the entry."""
        whole = not self.written_only and not made_by_router(view.row) and entry.match is None
        if whole and not entry.omit and not self.ignores and self._equal(wanted, view):
            if SecretRef in map(type, entry.fields.values()):
                self._secrets(entry, view, {}, {})
            return
        before: dict[str, str | None] = {}
        after: dict[str, Value] = {}
        ignored = self._ignored(view.row)
        hidden = self.norm.hidden(view.row) if self.norm.menu.hidden_unless else frozenset[str]()
        skipped, unverified = [], []
        for name, text in wanted.items():
            if self.norm.actual(view.content, name) == text or name in hidden:
                continue
            if _covers(ignored, name):
                skipped.append(name)
            else:
                before[name] = view.row.get(name)
                after[name] = self._to_write(entry, name)
        for name in self._unwritten(entry, view, wanted) if whole else ():
            if _covers(ignored, name):
                skipped.append(name)
            elif self.norm.defaults[name] is None:
                unverified.append(name)
            else:
                before[name] = view.row[name]
                after[name] = self._default(name)
        for name in hidden & wanted.keys():
            if self.norm.rulers(name) & after.keys():  # it will be shown then, so it had better be right
                before[name], after[name] = None, self._to_write(entry, name)
        self._tell(entry, skipped, unverified)
        self._secrets(entry, view, before, after)

    def _unwritten(self, entry: DesiredEntry, view: RowView, wanted: Mapping[str, str]) -> list[str]:
        """Fields of a whole row that are not at their default and that Git does not write."""
        left = {*wanted, *entry.omit, *entry.initial, *self.norm.computed}
        return [name for name in (*view.content.firm, *view.content.loose) if name not in left]

    def _equal(self, wanted: Mapping[str, str], view: RowView) -> bool:
        firm, loose = view.content
        seen = {**firm, **loose} if loose else firm
        if wanted == seen:
            return True
        defaults = self.norm.defaults
        count = 0
        for name, text in wanted.items():
            found = seen.get(name)
            if found is None:
                if text != (defaults[name] or ""):
                    return False
            elif found != text:
                return False
            else:
                count += 1
        return count == len(seen)

    def _secrets(
        self, entry: DesiredEntry, view: RowView, before: dict[str, str | None], after: dict[str, Value]
    ) -> None:
        identity = entry_name(self.norm.menu, entry)
        unknown = []
        for name, value in entry.fields.items():
            if isinstance(value, SecretRef):
                known = self.secrets(identity, name, value)
                if known is None:
                    unknown.append(name)
                elif not known:
                    before[name], after[name] = None, value
        if unknown:
            self._tell(entry, [], unknown)
        if after:
            step = Step(Action.SET, identity, self.norm.menu, before, after, row=view, entry=entry)
            step.cause = _cause_of_set(step, view.applied, self.norm)
            step.reason = REASONS[step.cause]
            self.result.steps.append(step)

    def _to_write(self, entry: DesiredEntry, name: str) -> Value:
        value = entry.fields.get(name)
        return (self.norm.sent(name, value) or None) if isinstance(value, str) else self._default(name)

    def _default(self, name: str) -> str | None:
        return self.norm.defaults[name] or None

    def _ignored(self, row: Row) -> tuple[Ignore, ...]:
        return tuple(ignore for ignore in self.ignores if ignore.match.matches(row, self.norm.canonical))

    def _tell(self, entry: DesiredEntry, skipped: list[str], unverified: list[str]) -> None:
        path, identity = self.norm.menu.path, entry_name(self.norm.menu, entry)
        if skipped:
            self.result.ignored.append(Notice(path, identity, tuple(skipped), "an ignore rule covers it"))
        if unverified:
            self.result.unverified.append(
                Notice(path, identity, tuple(unverified), "what the router should show here is not known")
            )


def _covers(ignores: tuple[Ignore, ...], name: str) -> bool:
    return any(not ignore.fields or name in ignore.fields for ignore in ignores)


def _cause_of_set(step: Step, applied: AppliedEntry | None, norm: Normaliser) -> Cause:
    if applied is None:
        return Cause.COMMIT
    declared = norm.content(applied.fields)
    git = router = False
    for name, value in step.after.items():
        if isinstance(value, SecretRef) or name not in norm.defaults:
            git = True
            continue
        was = norm.actual(declared, name)
        git = git or was != norm.target(name, value)
        router = router or was != norm.target(name, step.before.get(name))
    return Cause.BOTH if git and router else Cause.DRIFT if router else Cause.COMMIT
