"""What the stack file says of Prometheus and Grafana: ``monitoring.prometheus``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.settings.clients import ClientSource
from domain.settings.types import Block, MetricPattern

SignIn = Literal["AWS_SSO", "SAML"]


class Grafana(Block):
    """A workspace of Amazon Managed Grafana that may query the metrics."""

    authentication: Annotated[list[SignIn], Field(min_length=1)] = Field(
        default_factory=lambda: list[SignIn](["AWS_SSO"]),
        description="How people sign in: AWS_SSO is IAM Identity Center, which the account must have. Default: AWS_SSO.",
    )


class Prometheus(Block):
    """Open monitoring: the JMX exporter and the node exporter of every broker. Turning it on or off is an update in place."""

    managed: bool = Field(
        False, description="A workspace of Amazon Managed Service for Prometheus, a scraper, recording and alert rules."
    )
    scraped_by: list[ClientSource] = Field(
        default_factory=list, alias="scrapedBy", description="Where a Prometheus of your own connects from."
    )
    more_series: list[MetricPattern] = Field(
        default_factory=list,
        alias="moreSeries",
        description="Metrics that the managed scraper keeps beside those that rules and dashboards read, by name or pattern; "
        '".*" keeps all, some 9,500 series of each broker.',
    )
    notify: bool = Field(
        False,
        description="The managed workspace's alerts tell the alarms' topics too. Most say what an alarm of CloudWatch says.",
    )
    grafana: Grafana | None = Field(None, description="A workspace of Amazon Managed Grafana; none unless given.")
