"""A stack file that uses nearly every setting, and makes a plan."""

from __future__ import annotations

from typing import Final

RICH: Final = """
config:
  aws:region: eu-west-1
  aws:defaultTags: {tags: {cost-center: "42"}}
  brokerType: kafka.m7g.4xlarge
  brokersPerZone: 2
  alarmEmail: streaming@example.com
  clusterName: orders
  kafkaVersion: 3.9.x.kraft
  protect: true
  tags: {environment: production, team: streaming}
  workload: {ingressMBps: 3, peakMBps: 10.5, fanOut: 3, retentionHours: 168, partitions: 600}
  network: {cidr: 10.40.0.0/20, zones: [euw1-az1, euw1-az2, euw1-az3], natGateways: single, flowLogs: {retentionDays: 30},
    multiVpc: {iam: true, accounts: ["444455556666"]}}
  storage: {initialGiB: 1500, maximumGiB: 6000, targetUtilization: 60, mode: TIERED, provisionedThroughputMiBps: 300}
  serverProperties: {message.max.bytes: 1048588, log.retention.ms: -1, compression.type: zstd}
  authentication: {iam: {}, scram: {}}
  encryption: {dataKey: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", clientBroker: TLS}
  topics:
    orders.v1: {partitions: 24, retentionHours: 168, owner: orders, remoteStorage: true, localRetentionHours: 24}
    customers: {partitions: 12, cleanupPolicy: compact, configs: {segment.ms: 86400000}}
  clients:
    orders-api:
      from: {cidr: 10.90.0.0/24}
      as: {role: {eksPodIdentity: {cluster: shop, namespace: orders, serviceAccount: api}}}
      produce: {topics: [orders.v1], transactionalIds: [orders]}
    erp:
      from: {securityGroup: sg-0abc0123}
      as: {scramUser: erp}
      consume: {topics: [orders.v1], groups: [erp], maxLagSeconds: 60}
    totals:
      from: {cidr: 10.91.0.0/24}
      as: {role: {ecs: {}}}
      produce: {topics: [customers]}
      streams: {applicationId: totals}
      consume: {topics: [orders.v1], maxLagSeconds: 60}
  testClient: {instanceType: t4g.small}
  logs: {cloudwatch: {retentionDays: 365}, s3: {prefix: kafka/orders, retentionDays: 90}, firehose: {deliveryStream: orders}}
  monitoring: {level: PER_TOPIC_PER_BROKER, alarms: {disk-used: {threshold: 80}}, runbook: docs/runbook.md,
    prometheus: {managed: true, notify: true, moreSeries: ["kafka_.*"], grafana: {}}}
  acknowledge:
    kafka-end-of-support: {reason: CHG-123, until: "2026-12-01"}
"""
