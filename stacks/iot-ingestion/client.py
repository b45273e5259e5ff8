"""A gateway: sends the readings of its devices, one connection for all of them, and keeps the newest state of each.

`kafka_client.py` beside it is the ready file of the client gateways; KAFKA_PASSWORD is its user's. It reads a JSON object a line
from standard input, such as {"device": "d-17", "celsius": 21.5}. A state is written with its reading, and compaction keeps the
newest: a gateway never ends, and one that is quiet must not hold a state back.
"""

import json
import sys

from confluent_kafka import KafkaException, Producer
from kafka_client import PRODUCER


def written(error: object, _message: object) -> None:
    """Ends the program where a reading was refused."""
    if error:
        raise KafkaException(error)


# After an outage all gateways come back: each waits a little longer each time, and never more than half a minute.
producer = Producer({**PRODUCER, "reconnect.backoff.ms": 500, "reconnect.backoff.max.ms": 30000, "linger.ms": 50})
devices: set[str] = set()
for line in sys.stdin:
    device = json.loads(line)["device"]
    devices.add(device)
    for topic in ("telemetry", "device-state"):
        while True:
            try:
                # By device: what one device says stays in order.
                producer.produce(topic, line.strip(), key=device, on_delivery=written)
                break
            except BufferError:  # more comes in than goes out: the gateway waits
                producer.poll(0.5)
    producer.poll(0)
producer.flush()
print(f"{len(devices)} devices")
