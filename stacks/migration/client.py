"""May billing be moved? Says how far its group is behind on each topic, and exits with 1 while it is.

`kafka_client.py` beside it is the ready file of the client billing-app on the new cluster, or the same with the old cluster's
brokers: run it with the old one after the producers are stopped, and with the new one before the consumers are started. On both
it must say 0, and the committed offsets must be there: a group without any would read everything again, or nothing.
"""

import json
import sys

from confluent_kafka import Consumer, TopicPartition
from kafka_client import CONSUMER

GROUP = "billing"
TOPICS = ("ORDERS_V2", "customer-changes")
NEVER = -1

# It only asks: it does not join the group, and so takes no partition from a member.
consumer = Consumer({**CONSUMER, "group.id": GROUP, "enable.auto.commit": False})
behind: dict[str, int] = {}
for topic in TOPICS:
    numbers = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    behind[topic] = 0
    for place in consumer.committed([TopicPartition(topic, number) for number in numbers], timeout=30):
        first, end = consumer.get_watermark_offsets(place, timeout=30)
        # Nothing committed where there is something to read: all of it is still to be read.
        behind[topic] += end - (place.offset if place.offset > NEVER else first)
consumer.close()
print(json.dumps(behind))
sys.exit(1 if any(behind.values()) else 0)
