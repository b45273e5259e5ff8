"""Recommendations: counts what each visitor looks at, from the replica in its own zone.

`kafka_client.py` beside it is the ready file of the client recommendations. AZ_ID is the ID of the zone that it runs in, such as
use1-az1: without it, two of three reads cross zones and are charged. With a number of seconds, it ends after as long a silence.
"""

import json
import os
import sys
from collections import Counter

from confluent_kafka import Consumer, KafkaException
from kafka_client import CONSUMER

silence = float(sys.argv[1]) if sys.argv[1:] else -1
# A group that is new has a day to catch up with; afterwards it goes on where it was.
consumer = Consumer({**CONSUMER, "client.rack": os.environ["AZ_ID"], "auto.offset.reset": "earliest"})
consumer.subscribe(["activity.page-views", "activity.clicks"])
interests: dict[str, Counter[str]] = {}
while messages := consumer.consume(1000, timeout=silence):
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
        event = json.loads(message.value())
        interests.setdefault(event["visitor"], Counter())[event["product"]] += 1
consumer.close()
print(json.dumps({visitor: seen.most_common(3) for visitor, seen in sorted(interests.items())}))
