"""`python -m tools prometheus`: renders the files of a Prometheus of your own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from domain.monitoring.prometheus_scraping import render_scrape_configuration, targets
from domain.msk.listeners import hosts_of
from domain.plan.monitoring import prometheus_rules as rules_of
from tools.shared.commands import CommandError, add_directory, add_outputs, add_stack, add_to, answering, parser_of
from tools.shared.stack_outputs import outputs_of, written
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    import argparse

_EPILOG: Final = """\
The brokers' addresses come from the deployed stack:

  pulumi stack output --json --stack prod | python -m tools prometheus --stack prod --outputs - --to prometheus

Without --to the files are printed. prometheus.yml is complete; with your own configuration, use targets.json (file_sd_configs)
and the rules. This command contacts nothing. Exit codes: 0 fine; 2 the arguments or the stack's configuration are wrong,
or its cluster has no exporters (Serverless)."""


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("prometheus", "Renders scrape configuration, targets and rules for your own Prometheus.", _EPILOG)
    add_stack(parser)
    add_outputs(parser, required=True)
    add_to(parser)
    add_directory(parser)
    return parser


def _answer(options: argparse.Namespace) -> str:
    stack = settings_of(options.directory, options.stack)
    settings = stack.settings
    if settings.is_serverless:
        raise CommandError(
            f"Stack {options.stack} is Serverless: its cluster has no exporters that a Prometheus could scrape. Its metrics are "
            "in CloudWatch, namespace AWS/Kafka."
        )
    if settings.monitoring.prometheus is None or not settings.monitoring.prometheus.scraped_by:
        raise CommandError(
            f"Stack {options.stack} allows no Prometheus of your own. Set monitoring.prometheus.scrapedBy to where yours "
            "connects from."
        )
    cluster, hosts = settings.cluster_name, _hosts(outputs_of(options.outputs))
    rules = f"{cluster}.rules.yml"
    files = {
        "prometheus.yml": render_scrape_configuration(cluster, hosts, rule_file=rules),
        "targets.json": json.dumps(targets(cluster, hosts), indent=2) + "\n",
        rules: rules_of(settings, region=stack.region),
    }
    return written(files, options.to) if options.to else "\n".join(f"# --- {name}\n{text}" for name, text in files.items())


def _hosts(outputs: dict[str, Any]) -> list[str]:
    brokers = outputs.get("brokers")
    strings = brokers if isinstance(brokers, dict) else {}
    private = [value for name, value in strings.items() if not any(word in name for word in ("Public", "VpcConnectivity"))]
    if not private or not isinstance(private[0], str) or not private[0]:
        raise CommandError("The outputs have no brokers: the stack is not deployed yet. Deploy it first.")
    return hosts_of(private[0])


main = answering(_parser, _answer)
