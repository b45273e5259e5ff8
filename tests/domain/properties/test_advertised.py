"""Domain names of a team's own: the form, the listeners, and that no two brokers and listeners share an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.listeners import enabled_listeners
from domain.properties.advertised import ADVERTISED_NAMES, advertised_message, advertised_names, parsed

IAM = "CLIENT_IAM://b-{broker_id}.example.com:9000+{broker_id}"


@pytest.mark.parametrize(
    "value",
    [
        IAM,
        "CLIENT_IAM://kafka.example.com:9000+{broker_id}",
        f"{IAM},CLIENT_SASL_SCRAM://b-{{broker_id}}.scram.example.com:19000+{{broker_id}}",
        f"{IAM}, CLIENT_SASL_SCRAM://b-{{broker_id}}.example.com:19000+{{broker_id}}",
    ],
)
def test_the_guides_own_examples_are_taken(value: str) -> None:
    assert advertised_message(value, enabled=("CLIENT_IAM", "CLIENT_SASL_SCRAM"), brokers=6) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "must be LISTENER://host:port+{broker_id}"),
        (9098, "must be LISTENER://"),
        ("CLIENT_IAM://b-{broker_id}.example.com:9001", "must be LISTENER://"),
        ("CLIENT_IAM://b-1.example.com:9000+1", "must be LISTENER://"),
        ("CLIENT_IAM://:9000+{broker_id}", "must be LISTENER://"),
        ("CLIENT_IAM://b_{broker_id}..com:9000+{broker_id}", "must be LISTENER://"),
        (f"{IAM},", "must be LISTENER://"),
        ("REPLICATION://b-{broker_id}.example.com:9000+{broker_id}", "names REPLICATION, which the brokers use themselves."),
        ("CONTROLLER://b-{broker_id}.example.com:9000+{broker_id}", "names CONTROLLER, which the brokers use themselves."),
        ("SASL_SSL://b-{broker_id}.example.com:9000+{broker_id}", "Those are CLIENT, CLIENT_SECURE, "),
        ("CLIENT_SECURE://b-{broker_id}.example.com:9000+{broker_id}", "which is off on this cluster. Use CLIENT_IAM"),
        (f"{IAM},{IAM}", "names CLIENT_IAM twice."),
        ("CLIENT_IAM://b-{broker_id}.example.com:65533+{broker_id}", "gives broker 3 the port 65536."),
        ("CLIENT_IAM://b-{broker_id}.example.com:0+{broker_id}", "from 1 to 65532"),
        (
            "CLIENT_IAM://a.example.com:9000+{broker_id},CLIENT_SASL_SCRAM://A.example.com:9002+{broker_id}",
            "gives a.example.com:9003 to both CLIENT_IAM and CLIENT_SASL_SCRAM.",
        ),
    ],
)
def test_what_amazon_msk_refuses_is_refused(value: object, words: str) -> None:
    assert words in (advertised_message(value, enabled=("CLIENT_IAM", "CLIENT_SASL_SCRAM"), brokers=3) or "")


@given(
    st.integers(1, 60),
    st.integers(1, 65_000),
    st.integers(1, 65_000),
    st.sampled_from(["b-{broker_id}.example.com", "kafka.example.com"]),
)
def test_no_two_brokers_and_listeners_share_an_address(brokers: int, first: int, second: int, host: str) -> None:
    value = f"CLIENT_IAM://{host}:{first}+{{broker_id}},CLIENT_SASL_SCRAM://{host}:{second}+{{broker_id}}"
    entries = parsed(value)
    assert entries is not None
    addresses = [entry.address(broker) for entry in entries for broker in range(1, brokers + 1)]
    message = advertised_message(value, enabled=None, brokers=brokers)
    assert (message is None) is (len(set(addresses)) == len(addresses))


def test_the_names_are_those_of_the_listeners_that_are_on() -> None:
    iam_alone = enabled_listeners(client_broker="TLS", iam=True, scram=False, tls=False, unauthenticated=False, ipv6=True)
    assert advertised_names(iam_alone) == ("CLIENT_IAM",)
    everything = enabled_listeners(
        client_broker="TLS_PLAINTEXT", iam=True, scram=True, tls=True, unauthenticated=True, public=True, multi_vpc=True
    )
    assert advertised_names(everything) == ADVERTISED_NAMES
