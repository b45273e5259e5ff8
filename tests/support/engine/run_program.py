"""Runs a Pulumi program for the language host, as the SDK's own launcher does: errors go to the engine, not to the screen."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import runpy
import sys
import traceback

import pulumi
import pulumi.runtime

_ALREADY_EXPLAINED = 32
"""The exit code that tells the language host that the engine has shown the error."""


def run(arguments: argparse.Namespace) -> int:
    """Runs the program and returns this process's exit code."""
    pulumi.runtime.set_all_config(pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env())
    settings = pulumi.runtime.Settings(
        project=arguments.project,
        stack=arguments.stack,
        organization=arguments.organization,
        monitor=arguments.monitor,
        engine=arguments.engine,
        parallel=arguments.parallel,
        dry_run=arguments.dry_run,
        root_directory=arguments.root,
    )
    pulumi.runtime.configure(settings)
    os.chdir(arguments.directory)
    sys.argv = [arguments.program]
    # A program that fails leaves futures unawaited; asyncio would complain of each.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)

    def program() -> None:
        runpy.run_path(arguments.program, run_name="__main__")

    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(program))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except Exception:  # noqa: BLE001 - whatever a program raises is shown, as it is by the SDK's own launcher
        pulumi.log.error(f"Program failed with an unhandled exception:\n{traceback.format_exc()}")
        return _ALREADY_EXPLAINED
    finally:
        loop.close()
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Run a Pulumi program for the language host.")
    for option in ("project", "stack", "organization", "monitor", "engine", "root", "directory"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--parallel", type=int, default=1)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("program")
    sys.exit(run(parser.parse_args()))
