"""A log source: sends what it reads from standard input, a line a message, and says how often the brokers slowed it down.

`kafka_client.py` beside it is the ready file of the client app-logs; KAFKA_PASSWORD is its user's.
"""

import socket
import sys

from confluent_kafka import KafkaException, Producer
from kafka_client import PRODUCER

throttled = 0.0


def slowed(event: object) -> None:
    """Counts the seconds for which a client quota held it back: nothing is lost, it only waits."""
    global throttled
    throttled += event.throttle_time


def written(error: object, _message: object) -> None:
    """Ends the program where a line was refused."""
    if error:
        raise KafkaException(error)


# As the topic has it: brokers would pack again what came packed otherwise.
settings = {**PRODUCER, "compression.type": "zstd", "linger.ms": 100, "throttle_cb": slowed}
producer = Producer(settings)
for line in sys.stdin:
    while True:
        try:
            producer.produce("logs.applications", line.rstrip("\n"), headers={"host": socket.gethostname()}, on_delivery=written)
            break
        except BufferError:  # more comes in than goes out: the source waits
            producer.poll(0.5)
    producer.poll(0)
producer.flush()
print(f"throttled {throttled:.1f} s")
