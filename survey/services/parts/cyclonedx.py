"""The list of parts as programs read it: a software bill of materials in CycloneDX 1.6."""

import json
import uuid
from collections.abc import Sequence
from typing import Any, Final

from survey.services.parts import licences
from survey.services.parts.installed import OURS, Part

VERSION: Final = "1.6"
NAMESPACE: Final = uuid.UUID("6f2a7d0e-9b0c-5a53-8a0a-3d5c1f6f4b1e")
"""Under it the same parts have the same number wherever the list is made."""


def bill(parts: Sequence[Part], version: str) -> dict[str, Any]:
    """Return the bill of materials of an installation of this `version`; the same parts give the same bill."""
    ours = f"pkg:pypi/{OURS}@{version}"
    listed = [_component(part) for part in parts]
    told = json.dumps([ours, listed], sort_keys=True)
    addresses = {part.name: part.address for part in parts if part.kind == "library"}
    needs = [{"ref": part.address, "dependsOn": sorted(addresses[name] for name in part.needs)} for part in parts]
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, told)}",
        "version": 1,
        "metadata": {"component": _ours(ours, version)},
        "components": listed,
        "dependencies": [{"ref": ours, "dependsOn": sorted(part.address for part in parts)}, *needs],
    }


def _ours(address: str, version: str) -> dict[str, Any]:
    licence = [{"license": {"id": "Apache-2.0"}}]
    return {
        "type": "application",
        "bom-ref": address,
        "name": OURS,
        "version": version,
        "purl": address,
        "licenses": licence,
    }


def _component(part: Part) -> dict[str, Any]:
    told = {"type": "library", "bom-ref": part.address, "name": part.name, "version": part.version}
    hashes = {"hashes": [{"alg": "SHA-512", "content": part.sha512}]} if part.sha512 else {}
    licence = {"licenses": [{"expression": part.licence}]} if part.licence != licences.UNKNOWN else {}
    return {**told, **hashes, **licence, "purl": part.address}
