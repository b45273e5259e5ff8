"""Clients that come by IPv6: their rules, and the names of the brokers that their files hold."""

from __future__ import annotations

from components.access.clients import KafkaClients
from components.network.security_group import BrokerSecurityGroup
from domain.msk.listeners import enabled_listeners
from domain.settings.clients import Client
from support.programs import of_type, run_inline

LISTENERS = enabled_listeners(client_broker="TLS", iam=True, scram=False, tls=False, unauthenticated=False, ipv6=True)
SIX, FOUR = "2001:db8:1::/64", "10.90.0.0/24"


def test_a_rule_names_its_range_by_its_family() -> None:
    made = run_inline(
        lambda: BrokerSecurityGroup(
            "brokers",
            {
                "vpc_id": "vpc-0123456789abcdef0",
                "title": "orders-brokers",
                "listeners": LISTENERS,
                "sources": [{"cidr": SIX}, {"cidr": FOUR}],
                "protect": False,
                "tags": {},
            },
        )
    )
    rules = of_type(made, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    found = {(rule.inputs["fromPort"], rule.inputs.get("cidrIpv4"), rule.inputs.get("cidrIpv6")) for rule in rules}
    assert found == {(9098, FOUR, None), (20098, None, SIX)}
    assert not [rule.urn for rule in rules if rule.urn.count("::") != 3]


def test_a_clients_files_name_the_brokers_by_the_way_it_comes() -> None:
    def client(cidr: str) -> Client:
        identity = {"principal": "arn:aws:iam::123456789012:role/orders"}
        return Client.model_validate({"from": {"cidr": cidr}, "as": identity, "produce": {"topics": ["orders"]}})

    made = run_inline(
        lambda: KafkaClients(
            "clients",
            {
                "region": "eu-west-1",
                "cluster_arn": "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/1234abcd-12ab-34cd-56ef-1234567890ab-2",
                "cluster_name": "orders",
                "clients": {"six": client(SIX), "four": client(FOUR)},
                "listeners": LISTENERS,
                "brokers": {"bootstrapBrokersSaslIam": "b-1.orders:9098", "bootstrapBrokersSaslIamIpv6": "b-1-ipv6.orders:20098"},
                "elsewhere": frozenset(),
                "secrets_key_arn": "",
                "tags": {},
            },
        ),
        dry_run=False,
    )
    files = {
        resource.inputs["name"]: resource.inputs["insecureValue"] for resource in of_type(made, "aws:ssm/parameter:Parameter")
    }
    java = {name.split("/")[4]: text for name, text in files.items() if "/java/client.properties" in name}
    assert "bootstrap.servers=b-1-ipv6.orders:20098\n" in java["six"]
    assert "bootstrap.servers=b-1.orders:9098\n" in java["four"]
