"""The cluster itself: keys, configuration, brokers and their guards, topics, storage autoscaling."""

from components.cluster.cluster import KafkaCluster
from components.cluster.configuration import KafkaConfiguration
from components.cluster.keys import EncryptionKeys
from components.cluster.serverless import ServerlessCluster
from components.cluster.storage_autoscaling import StorageAutoscaling
from components.cluster.topics import KafkaTopics

__all__ = ["EncryptionKeys", "KafkaCluster", "KafkaConfiguration", "KafkaTopics", "ServerlessCluster", "StorageAutoscaling"]
