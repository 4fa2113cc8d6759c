"""The tables. Rows are read and written through Core; nothing outside this room sees these classes."""

from __future__ import annotations

import datetime
from typing import cast

from sqlalchemy import JSON, Table
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = SQLModel.metadata


class SettingRow(SQLModel, table=True):
    __tablename__ = "setting"
    name: str = Field(primary_key=True)
    value: str


class PersonRow(SQLModel, table=True):
    __tablename__ = "person"
    name: str = Field(primary_key=True)
    public_key: str
    key_id: str = Field(unique=True)


class PersonEmailRow(SQLModel, table=True):
    """``folded`` is the address as it is compared, ``email`` as it was given."""

    __tablename__ = "person_email"
    folded: str = Field(primary_key=True)
    email: str
    person: str = Field(foreign_key="person.name", index=True)
    position: int


class EnrolmentRow(SQLModel, table=True):
    __tablename__ = "enrolment"
    device: str = Field(primary_key=True)
    serial: str
    address: str
    pin_or_ca: str
    enrolled: datetime.datetime


class CredentialRow(SQLModel, table=True):
    __tablename__ = "credential"
    name: str = Field(primary_key=True)
    sealed: bytes
    changed: datetime.datetime


class PlanRow(SQLModel, table=True):
    __tablename__ = "plan"
    digest: str = Field(primary_key=True)
    commit: str
    document: bytes
    requesters: str
    created: datetime.datetime


class RolloutRow(SQLModel, table=True):
    __tablename__ = "rollout"
    id: str = Field(primary_key=True)
    digest: str = Field(index=True)
    commit: str
    requester: str
    started: datetime.datetime = Field(index=True)
    finished: datetime.datetime | None


class RolloutDeviceRow(SQLModel, table=True):
    """``result`` is null until the device's outcome is known."""

    __tablename__ = "rollout_device"
    rollout: str = Field(primary_key=True, foreign_key="rollout.id")
    device: str = Field(primary_key=True)
    position: int
    result: str | None
    planned: int
    done: int
    message: str
    batch: int
    saved: datetime.datetime | None


class ApprovalRow(SQLModel, table=True):
    """``rollout`` names the rollout that used the approval up."""

    __tablename__ = "approval"
    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(index=True)
    person: str
    token: str = Field(unique=True)
    signed: datetime.datetime
    expires: datetime.datetime
    rollout: str | None = Field(default=None, foreign_key="rollout.id")


class LeaseRow(SQLModel, table=True):
    """Rows are never deleted, so that ``epoch`` only grows. A released lease has no ``holder``."""

    __tablename__ = "lease"
    device: str = Field(primary_key=True)
    holder: str | None
    epoch: int
    seconds: float
    until: datetime.datetime


class OperationRow(SQLModel, table=True):
    """The journal: a row is committed before its write is sent."""

    __tablename__ = "operation"
    id: int | None = Field(default=None, primary_key=True)
    rollout: str = Field(foreign_key="rollout.id", index=True)
    device: str = Field(index=True)
    epoch: int
    number: int
    action: str
    path: str
    identity: str
    detail: dict[str, str | None] = Field(sa_type=JSON)
    began: datetime.datetime
    ended: datetime.datetime | None
    result: str
    message: str


class AuditRow(SQLModel, table=True):
    """Append-only: the database itself refuses updates and deletes."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime.datetime = Field(index=True)
    door: str
    person: str | None = Field(index=True)
    email: str
    agent: str | None
    verb: str
    subject: str = Field(index=True)
    result: str
    correlation_id: str = Field(index=True)
    detail: dict[str, str] = Field(sa_type=JSON)


class FingerprintRow(SQLModel, table=True):
    """The fingerprint of the last value written to a secret field."""

    __tablename__ = "fingerprint"
    device: str = Field(primary_key=True)
    path: str = Field(primary_key=True)
    identity: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    fingerprint: str
    written: datetime.datetime


def _table(row: type[SQLModel]) -> Table:
    return METADATA.tables[cast(str, row.__tablename__)]


SETTING = _table(SettingRow)
PERSON = _table(PersonRow)
PERSON_EMAIL = _table(PersonEmailRow)
ENROLMENT = _table(EnrolmentRow)
CREDENTIAL = _table(CredentialRow)
PLAN = _table(PlanRow)
ROLLOUT = _table(RolloutRow)
ROLLOUT_DEVICE = _table(RolloutDeviceRow)
APPROVAL = _table(ApprovalRow)
LEASE = _table(LeaseRow)
OPERATION = _table(OperationRow)
AUDIT = _table(AuditRow)
FINGERPRINT = _table(FingerprintRow)
