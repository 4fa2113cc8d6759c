"""The licence gate: ``python -m tests.house.licences`` exits 1 when an installed distribution may not be here.

MIT, BSD, Apache, PSF, ISC, MPL-2.0 and EPL-2.0 pass and nothing else. The tools of the trade count too: what can be
installed can be shipped by mistake.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions

_ALLOWED = re.compile(
    r"""
      (the\ )?mit(-0|\ no\ attribution)?(\ license)?
    | (0bsd|(modified\ )?bsd([-\ ][234])?([-\ ]clause)?(\ license)?)
    | apache([-\ ]2(\.0)?)?([ ]software)?(\ license)?(,?\ (version\ )?2\.0)?
    | psf(-2\.0)? | python(-2\.0)? | python\ software\ foundation\ license
    | isc(\ license)?(\ \(iscl\))?
    | mpl-2\.0 | mozilla\ public\ license\ 2\.0\ \(mpl\ 2\.0\)
    | epl-2\.0 | eclipse\ public\ license\ 2\.0\ \(epl-2\.0\)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Licence:
    """What one distribution says of itself: name, version, and the licence text that was judged."""

    name: str
    version: str
    text: str
    allowed: bool


def allowed(expression: str) -> bool:
    """Whether an SPDX expression, or a licence's name, can be met by the allowed ones alone.

    ``A OR B`` needs one of them, ``A AND B`` both; ``WITH`` an exception is not known here and does not pass.
    """
    text = expression.strip()
    while text.startswith("(") and text.endswith(")") and "(" not in text[1:]:
        text = text[1:-1].strip()
    if " OR " in text and "(" not in text:
        return any(allowed(part) for part in text.split(" OR "))
    if " AND " in text and "(" not in text:
        return all(allowed(part) for part in text.split(" AND "))
    return bool(_ALLOWED.fullmatch(text))


def judge(distribution: Distribution) -> Licence:
    """Judge by the SPDX expression, else by the classifiers, else by the free text; silence does not pass."""
    metadata = distribution.metadata
    name, version = metadata["Name"], distribution.version
    if "License-Expression" in metadata:
        expression = metadata["License-Expression"]
        return Licence(name, version, expression, allowed(expression))
    lines = metadata.get_all("Classifier") or []
    classifiers = [line.rpartition("::")[2].strip() for line in lines if line.startswith("License ::")]
    if classifiers:
        return Licence(name, version, " AND ".join(classifiers), all(allowed(text) for text in classifiers))
    text = metadata["License"].strip().partition("\n")[0] if "License" in metadata else ""
    return Licence(name, version, text or "nothing said", allowed(text))


def installed() -> list[Licence]:
    """Every distribution of this environment, sorted by name."""
    found = {licence.name.lower(): licence for licence in map(judge, distributions())}
    return [found[name] for name in sorted(found)]


def main(arguments: Iterable[str]) -> int:
    """Print what does not pass, or with ``--list`` everything; 1 when something does not pass."""
    licences = installed()
    refused = [licence for licence in licences if not licence.allowed]
    for licence in licences if "--list" in arguments else refused:
        print(f"{licence.name} {licence.version}: {licence.text}{'' if licence.allowed else ' (may not be used)'}")
    print(f"licences: {len(licences)} distributions, {len(refused)} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
