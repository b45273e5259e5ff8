"""The order history, made anew: reads every event since the first, as a group of its own beside the one that follows the newest.

`kafka_client.py` beside it is the ready file of the client order-history. It ends when it has read all that there was.
"""

import json
import uuid

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from kafka_client import CONSUMER

settings = {
    **CONSUMER,
    "group.id": f"replay-order-history-{uuid.uuid4()}",
    "enable.auto.commit": False,
    "enable.partition.eof": True,
    # What lies in tiered storage comes in larger pieces.
    "fetch.max.bytes": 104857600,
    "isolation.level": "read_committed",
}
consumer = Consumer(settings)
unread = set(consumer.list_topics("orders.events", timeout=30).topics["orders.events"].partitions)
consumer.assign([TopicPartition("orders.events", number, OFFSET_BEGINNING) for number in unread])
history: dict[str, list[str]] = {}
while unread:
    message = consumer.poll(30)
    if message is None:
        raise TimeoutError(f"no events for 30 seconds; partitions {sorted(unread)} are not read to their ends")
    if message.error() is None:
        history.setdefault(message.key().decode(), []).append(json.loads(message.value())["type"])
    elif message.error().code() == KafkaError._PARTITION_EOF:
        unread.discard(message.partition())
    else:
        raise KafkaException(message.error())
consumer.close()
print(json.dumps(history, sort_keys=True))
