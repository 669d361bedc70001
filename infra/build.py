"""Build what is deployed into ``.build/<target>/``: ``api.zip``, ``answers.zip``, ``functions.zip``, ``template.json``.

Run as ``python -m infra.build --target aws --stage dev``. The same input gives the same bytes. chalice writes the
API's part of the template; its zip is not used, since it is not deterministic and leaves out packages without a fitting
wheel.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import chalice
import yaml

from infra import archive, catalog
from infra.archive import Target

ROOT = Path(__file__).parents[1]
LIMIT_BYTES = 250 * 1024 * 1024  # Lambda's, layers included
# AWSSDKPandas-Python313, unzipped. Lambda tells only the zipped size of a layer that is not one's own.
LAYER_BYTES = 210 * 1024 * 1024
# What chalice itself packs of chalice: the rest is for deploying.
CHALICE_RUNTIME = ("__init__.py", "app.py")


class PackageTooLarge(Exception):  # noqa: N818 - named as the field names it
    """A Lambda would not fit its 250 MB."""


def api_entries(wheels: Path) -> dict[str, Path]:
    """The API's package: chalice's runtime, its wheels, ``app.py`` and all of ``chalicelib``."""
    runtime = Path(chalice.__file__).parent
    entries = dict(archive.tree(wheels))
    entries |= {f"chalice/{name}": runtime / name for name in CHALICE_RUNTIME}
    entries |= dict(archive.tree(ROOT / "chalicelib", under="chalicelib/"))
    return entries | {"app.py": ROOT / "app.py"}


def functions_entries(wheels: Path) -> dict[str, Path]:
    """The package of the functions that fill the lake.

    It says that there is no pandas, whatever the layer holds.
    """
    return {**answers_entries(wheels), "pandas.py": ROOT / "infra" / "layers" / "pandas.py"}


def answers_entries(wheels: Path) -> dict[str, Path]:
    """The package of a function that answers questions, as the API does, but is not the API."""
    entries = dict(archive.tree(wheels))
    entries |= dict(archive.tree(ROOT / "chalicelib", under="chalicelib/", without=["api"]))
    return entries | dict(archive.tree(ROOT / "functions", under="functions/"))


def merged_template(stage: str) -> dict[str, Any]:
    """chalice's template with ours over it, and what people select from: tables, views, saved queries."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "project"
        chalice_project(work)
        command = [
            str(Path(sys.executable).with_name("chalice")),
            "package",
            "--stage",
            stage,
            "--template-format",
            "yaml",
        ]
        command += ["--merge-template", str(ROOT / "infra" / "template.yaml"), str(Path(folder) / "out")]
        environment = {**os.environ, "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1")}
        done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit("chalice package failed:\n" + "\n".join(done.stderr.splitlines()[-6:]))
        template: dict[str, Any] = yaml.safe_load((Path(folder) / "out" / "sam.yaml").read_text())
    # chalice's own output names the execute-api address; people come through CloudFront.
    template["Resources"] |= catalog.glue_tables() | catalog.named_queries()
    return template


def chalice_project(work: Path) -> None:
    """A copy of what chalice looks at, without requirements: it need not build a zip that is thrown away."""
    shutil.copytree(ROOT / ".chalice", work / ".chalice", ignore=shutil.ignore_patterns("deployments", "deployed"))
    shutil.copytree(ROOT / "chalicelib", work / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", work / "app.py")
    (work / "requirements.txt").touch()


def sizes(template: Mapping[str, Any], packages: Mapping[str, int]) -> dict[str, int]:
    """Unzipped bytes of every Lambda of the template, its layer included."""
    functions = {n: r for n, r in template["Resources"].items() if r["Type"] == "AWS::Serverless::Function"}
    return {
        name: packages[r["Properties"]["CodeUri"]] + (LAYER_BYTES if r["Properties"].get("Layers") else 0)
        for name, r in functions.items()
    }


def print_sizes(found: Mapping[str, int], packages: Mapping[str, int]) -> None:
    """A table for people; raises when a Lambda would not fit."""
    for name, size in packages.items():
        print(f"  {name:<16} {size / 2**20:7.1f} MB unzipped")
    for name, size in sorted(found.items()):
        print(f"    {name:<14} {size / 2**20:7.1f} of 250 MB, layer included")
    if large := [name for name, size in found.items() if size > LIMIT_BYTES]:
        raise PackageTooLarge(f"over 250 MB unzipped: {', '.join(large)}; take something out of its requirements")


def build(target: Target, stage: str, output: Path) -> None:
    """Write the packages and the template for one target."""
    uv = Path(sys.executable).with_name("uv")
    output.mkdir(parents=True, exist_ok=True)
    locks = {"api": ROOT / "requirements.txt", "functions": ROOT / "requirements" / "functions.txt"}
    wheels = {name: output / "wheels" / name for name in locks}
    for name, lock in locks.items():
        archive.install_wheels(lock, wheels[name], target, uv)
    contents = {
        "api.zip": api_entries(wheels["api"]),
        "answers.zip": answers_entries(wheels["api"]),
        "functions.zip": functions_entries(wheels["functions"]),
    }
    packages = {name: archive.write_zip(entries, output / name) for name, entries in contents.items()}
    template = merged_template(stage)
    (output / "template.json").write_text(json.dumps(template, indent=1, sort_keys=True) + "\n")
    print_sizes(sizes(template, packages), packages)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=sorted(archive.TARGETS), default="aws")
    parser.add_argument("--stage", default="dev")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args(arguments)
    try:
        build(archive.TARGETS[options.target], options.stage, options.output or ROOT / ".build" / options.target)
    except (archive.MissingWheel, PackageTooLarge) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
