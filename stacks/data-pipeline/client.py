"""The cleaner: raw orders in, clean orders out; what cannot be parsed is put aside. Every message counts at least once.

`kafka_client.py` beside it is the ready file of the client cleaner. With a number of seconds, it ends after as long a silence.
"""

import json
import sys

from confluent_kafka import Consumer, KafkaException, Producer
from kafka_client import CONSUMER, PRODUCER


def clean(raw: bytes) -> bytes:
    """An order as the loaders want it."""
    order = json.loads(raw)
    return json.dumps({"id": order["id"], "cents": round(order["amount"] * 100)}).encode()


def written(error: object, _message: object) -> None:
    """Ends the program where a message was not written: it is read again after the restart."""
    if error:
        raise KafkaException(error)


silence = float(sys.argv[1]) if sys.argv[1:] else -1
consumer = Consumer({**CONSUMER, "enable.auto.commit": False, "auto.offset.reset": "earliest"})
producer = Producer(PRODUCER)
consumer.subscribe(["raw.orders"])
while messages := consumer.consume(500, timeout=silence):
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
        try:
            producer.produce("clean.orders", clean(message.value()), message.key(), on_delivery=written)
        except (ValueError, KeyError, TypeError):
            producer.produce("dead-letters.clean", message.value(), message.key(), on_delivery=written)
    # Only what is written for good is ticked off.
    producer.flush()
    consumer.commit(asynchronous=False)
consumer.close()
