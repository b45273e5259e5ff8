"""The cluster itself: keys, configuration, brokers and their guards, topics, storage autoscaling."""
