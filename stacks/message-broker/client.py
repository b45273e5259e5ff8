"""The payments service: commands in, events out, each command exactly once; what it cannot handle is put aside.

`kafka_client.py` beside it is the ready file of the client payments. The first argument is this instance's transactional id
(payments-1 to payments-3, each for one instance). With a number of seconds as well, it ends after as long a silence.
"""

import json
import sys

from confluent_kafka import Consumer, KafkaException, Producer
from kafka_client import CONSUMER, PRODUCER


def paid(command: bytes) -> bytes:
    """What came of a command."""
    order = json.loads(command)
    return json.dumps({"order": order["order"], "paid": order["cents"]}).encode()


silence = float(sys.argv[2]) if sys.argv[2:] else -1
consumer = Consumer(
    {**CONSUMER, "isolation.level": "read_committed", "enable.auto.commit": False, "auto.offset.reset": "earliest"}
)
producer = Producer({**PRODUCER, "transactional.id": sys.argv[1]})
producer.init_transactions()
consumer.subscribe(["payments.commands"])
while messages := consumer.consume(100, timeout=silence):
    # Events and offsets become visible together or not at all; whatever fails here ends the program, and the restart repeats it.
    producer.begin_transaction()
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
        try:
            producer.produce("payments.events", paid(message.value()), message.key())
        except (ValueError, KeyError, TypeError):
            producer.produce("payments.dead-letters", message.value(), message.key())
    offsets = [place for place in consumer.position(consumer.assignment()) if place.offset >= 0]
    producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata())
    producer.commit_transaction()
consumer.close()
