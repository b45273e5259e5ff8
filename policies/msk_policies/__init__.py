"""Rules for Amazon MSK clusters and the keys they use.

The rules judge what a program asks AWS for (`aws:msk/cluster:Cluster`, `aws:kms/key:Key`), so they hold for
any Pulumi program, with the components of this repository or without. Every rule is mandatory unless it says
otherwise.

A stack that needs less, or more, says so in a JSON file by the name of the rule, and
`pulumi up --policy-pack policies --policy-pack-config policies/config/sandbox.json` applies it:

    {
      "minimum-brokers": {"brokersPerAvailabilityZone": 1},
      "multiple-availability-zones": {"availabilityZones": 2},
      "kms-key-rotation": "advisory",
      "supported-kafka-version": {"versions": {"4.3.x.kraft": {"endOfSupport": null}}},
      "kafka-version-known": "disabled"
    }

A rule that is not named keeps its defaults, and a rule that gets settings stays as mandatory as it was. The
policies' schemas list all settings. The engine refuses a wrong value before anything is judged, and the pack a rule or a
setting that it does not have (`kit.configuration`).

A resource that a rule lets be for a while (its setting `exemptions`) is still judged: what it violates is said as advice that
begins "exempt until". A rule that applies and cannot tell raises `NotJudgedError`: that is said as advice on the resource, which
begins "Not judged:". A policy document that `read_document` finds unknown is told so by itself.

A new rule is a module in `rules/<topic>/` that declares a `POLICY` of its own name; `registry` finds it. What it must keep to:

* Messages are imperative sentences with what was found and the remedy. The first property a message names, by
  its dotted wire name, is the one at fault: tools find the setting and its line by it.
* Of what was found only numbers and words of AWS's own vocabulary are repeated: the SDK hands over secrets as
  plain text, and nothing tells which text is one.
* A value that is not known before deployment raises `UnknownValueError`, which the SDK turns into an advisory;
  during the deployment itself the value is there and is judged. A rule that wants otherwise catches it, and
  says why.
"""
